import { Anchor, Group, Text } from '@mantine/core';
import { ChevronRight } from 'lucide-react';
import { Link } from 'wouter';

/** The list that a page belongs to, and the id of what the page shows. */
export function Breadcrumb({ list, href, id }: { list: string; href: string; id: string }) {
  return (
    <Group gap={4} component="nav" aria-label="Breadcrumb">
      <Anchor component={Link} href={href} fz="sm" style={{ color: 'var(--quiet)' }}>
        {list}
      </Anchor>
      <ChevronRight size={13} className="quiet" aria-hidden />
      <Text fz="sm" className="quiet mono">
        {id}
      </Text>
    </Group>
  );
}
