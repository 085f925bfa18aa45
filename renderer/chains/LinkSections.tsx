import { Accordion, Group, Text } from '@mantine/core';
import { type ChainChanges, type ChainFile, type ChainPlan, nameIn } from '../../common/chains.ts';
import { jobs } from '../../common/jobs/index.ts';
import { ConfigFields } from '../launch/ConfigFields.tsx';
import type { Config } from '../launch/form-values.ts';
import { Tag } from '../ui/Tag.tsx';
import styles from './Chains.module.css';

interface LinkSectionsProps {
  chain: ChainFile;
  /** Names of the links that are shown; left out: all. */
  only?: readonly string[];
  changes: ChainChanges;
  plan: ChainPlan | undefined;
  /** The link whose fields are in sight: one at a time, as fields of two links have the same names. */
  opened: string | null;
  onOpen: (link: string | null) => void;
  onChange: (link: string, values: Config) => void;
}

/** The fields of each link, where the chain's own values are not what is wanted. */
export function LinkSections({ chain, only, changes, plan, opened, onOpen, onChange }: LinkSectionsProps) {
  return (
    <Accordion variant="separated" order={2} value={opened} onChange={onOpen}>
      {chain.links.map((link, at) => {
        if (only && !only.includes(link.name)) return null;
        const issues = plan?.links[at]?.issues ?? [];
        const changed = Object.keys(changes[link.name] ?? {}).length;
        const wrong = issues.filter(({ level }) => level === 'error').length;
        return (
          <Accordion.Item
            key={link.name}
            value={link.name}
            data-section={link.name}
            className={`surface ${styles.section}`}
          >
            <Accordion.Control>
              <Group gap="xs">
                <Text fz="sm" fw={500}>
                  {at + 1}. {link.title}
                </Text>
                {jobs[link.kind].title !== link.title && (
                  <Text fz={12} className="quiet">
                    {jobs[link.kind].title}
                  </Text>
                )}
                {changed > 0 && <Tag color="indigo">{`${changed} changed`}</Tag>}
                {wrong > 0 && <Tag color="red">{`${wrong} to settle`}</Tag>}
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              {opened === link.name && (
                <ConfigFields
                  kind={link.kind}
                  config={{ ...link.config, ...changes[link.name] }}
                  placeholders={{}}
                  issues={issues}
                  without={Object.keys(link.config).filter((field) => nameIn(link.config[field]) !== undefined)}
                  onChange={(key, value) => onChange(link.name, { [key]: value })}
                  onFix={(fix) => onChange(link.name, fix)}
                />
              )}
            </Accordion.Panel>
          </Accordion.Item>
        );
      })}
    </Accordion>
  );
}
