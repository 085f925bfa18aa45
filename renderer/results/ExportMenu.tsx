import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import type { TableDefinition } from '../../common/results/definition.ts';
import type { ResultsTable } from '../../common/results/table.ts';
import { type TableFormat, tableFormatNames, tableFormats, textWriters } from '../../common/results/writers/index.ts';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { downloadFile } from '../ui/download.ts';

interface ExportMenuProps {
  definition: TableDefinition;
  /** Left out: all that the filter of the definition fits. */
  ids?: string[];
  /** The same table, for the clipboard; made when it is asked for. */
  build: () => ResultsTable;
  disabled?: boolean;
  size?: 'xs' | 'sm';
  /** More items, for what is no table. */
  children?: ReactNode;
}

/** The table as a file, or on the clipboard as what a document, a README or a paper takes. */
export function ExportMenu({ definition, ids, build, disabled, size = 'sm', children }: ExportMenuProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();

  async function download(format: TableFormat) {
    try {
      const file = await queryClient.fetchQuery(
        trpc.exports.table.queryOptions({ definition, ids, format }, { staleTime: 0, gcTime: 0 }),
      );
      const content = file.base64 === null ? (file.text ?? '') : bytesOf(file.base64);
      downloadFile(file.fileName, content, file.mediaType);
    } catch (thrown) {
      showError('The table could not be exported', thrown);
    }
  }

  async function copy(what: string, write: (table: ResultsTable) => Record<string, string>) {
    try {
      const types = write(build());
      const blobs = Object.entries(types).map(([type, text]) => [type, new Blob([text], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
      notifications.show({ message: `Copied as ${what}.`, autoClose: 3000 });
    } catch (thrown) {
      showError('The table could not be copied', thrown);
    }
  }

  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          size={size}
          variant={size === 'xs' ? 'default' : 'filled'}
          leftSection={<Download size={size === 'xs' ? 14 : 15} aria-hidden />}
          disabled={disabled}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Copy</Menu.Label>
        <Menu.Item
          onClick={() =>
            copy('rich text', (table) => ({
              'text/html': textWriters.html(table),
              'text/plain': textWriters.tsv(table),
            }))
          }
        >
          Rich text
        </Menu.Item>
        <Menu.Item onClick={() => copy('Markdown', (table) => ({ 'text/plain': textWriters.md(table) }))}>
          Markdown
        </Menu.Item>
        <Menu.Item onClick={() => copy('LaTeX', (table) => ({ 'text/plain': textWriters.latex(table) }))}>
          LaTeX
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Download</Menu.Label>
        {tableFormatNames.map((format) => (
          <Menu.Item key={format} onClick={() => download(format)}>
            {tableFormats[format].title} (.{tableFormats[format].extension})
          </Menu.Item>
        ))}
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
