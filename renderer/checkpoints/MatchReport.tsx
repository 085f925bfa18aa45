import { Accordion, Group, Text } from '@mantine/core';
import type { CheckpointPreview } from '../../common/checkpoints.ts';
import { formatCount } from '../ui/format.ts';
import { Tag, type TagColor } from '../ui/Tag.tsx';
import styles from './MatchReport.module.css';
import { shapeWords } from './words.ts';

interface Section {
  id: string;
  label: string;
  help: string;
  color: TagColor;
  lines: { name: string; note: string }[];
}

/** More lines than this are counted, not shown. */
const mostLines = 500;

/** The net's tensors against those of the file, by how they agree. */
export function MatchReport({ preview }: { preview: CheckpointPreview }) {
  const sections = sectionsOf(preview);
  return (
    <div>
      <Text fz="sm" mb={6} role="status">
        {summaryOf(preview)}
      </Text>
      <Accordion variant="contained" multiple className={styles.sections} chevronPosition="left">
        {sections.map(({ id, label, help, color, lines }) => (
          <Accordion.Item key={id} value={id} data-match={id}>
            <Accordion.Control disabled={lines.length === 0} py={0}>
              <Group gap="xs" wrap="nowrap">
                <Tag color={lines.length > 0 ? color : 'gray'}>{formatCount(lines.length)}</Tag>
                <Text fz="sm" fw={500}>
                  {label}
                </Text>
                <Text fz="xs" className="quiet" truncate>
                  {help}
                </Text>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too */}
              <ul className={styles.lines} tabIndex={0} aria-label={label}>
                {lines.slice(0, mostLines).map(({ name, note }) => (
                  <li key={name}>
                    <span>{name}</span>
                    <span className="quiet numbers">{note}</span>
                  </li>
                ))}
                {lines.length > mostLines && <li>… and {formatCount(lines.length - mostLines)} more</li>}
              </ul>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </div>
  );
}

function sectionsOf({ matched, missing, unexpected, mismatched, leftOut, shapes }: CheckpointPreview): Section[] {
  const named = (names: string[]) =>
    names.map((name) => ({ name, note: shapes[name] ? shapeWords(shapes[name]) : '' }));
  return [
    { id: 'matched', label: 'Matched', help: 'taken: same name and shape', color: 'teal', lines: named(matched) },
    {
      id: 'missing',
      label: 'Missing',
      help: 'of the net, not in the file',
      color: 'yellow',
      lines: named(missing),
    },
    {
      id: 'mismatched',
      label: 'Mismatched',
      help: 'in both, with another shape',
      color: 'red',
      lines: mismatched.map(({ name, model, checkpoint }) => ({
        name,
        note: `net ${shapeWords(model)}, file ${shapeWords(checkpoint)}`,
      })),
    },
    {
      id: 'unexpected',
      label: 'Unexpected',
      help: 'under the prefix, but not of the net',
      color: 'yellow',
      lines: named(unexpected),
    },
    {
      id: 'left-out',
      label: 'Left out',
      help: 'elsewhere in the file: other encoder, queue, head',
      color: 'gray',
      lines: named(leftOut),
    },
  ];
}

function summaryOf({ arch, candidates, matched, missing, mismatched, unexpected }: CheckpointPreview): string {
  const nearest = arch ?? candidates[0]?.arch;
  if (nearest === undefined) return 'No net here has tensors of these names and shapes.';
  const wanted = matched.length + missing.length + mismatched.length;
  if (matched.length === wanted && unexpected.length === 0) return `All ${wanted} tensors of ${nearest} fit.`;
  const which = arch === null ? `${nearest}, the nearest net,` : nearest;
  return `${formatCount(matched.length)} of ${formatCount(wanted)} tensors of ${which} fit.`;
}
