import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { RunRecord } from '../../common/records.ts';
import type { RunUpdate } from '../../common/updates.ts';
import { useTRPC } from '../api/client.ts';
import { useVisible } from '../api/use-visible.ts';
import { append, bufferOf, emptyBuffer, type PointBuffer, supersede } from '../charts/point-buffer.ts';

export interface RunFeed {
  run: RunRecord | undefined;
  buffers: ReadonlyMap<string, PointBuffer>;
  /** Changes whenever the buffers have. */
  version: number;
  logBytes: number;
  loading: boolean;
  error: unknown;
}

const firstPoints = 2000;

/**
 * One run as it happens: its curves once, thinned, then only what is new. Many points between two frames are drawn
 * once.
 */
export function useRunFeed(id: string): RunFeed {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const visible = useVisible();
  const record = useQuery(trpc.runs.get.queryOptions({ id }));
  const points = useQuery(
    trpc.runs.points.queryOptions({ id, maxPoints: firstPoints }, { staleTime: Number.POSITIVE_INFINITY, gcTime: 0 }),
  );
  const [version, bump] = useReducer((count: number) => count + 1, 0);
  const [logBytes, setLogBytes] = useState(0);
  const lastSeq = useRef<number | undefined>(undefined);
  const frame = useRef(0);

  // The curves that were read are where the stream of new points is tied on.
  const buffers = useMemo(() => {
    lastSeq.current = points.data?.seq;
    return new Map((points.data?.series ?? []).map((series) => [series.name, bufferOf(series)]));
  }, [points.data]);

  const afterSeq = useMemo(() => (visible ? (lastSeq.current ?? points.data?.seq) : undefined), [visible, points.data]);

  useSubscription(
    trpc.runs.watch.subscriptionOptions(
      { id, afterSeq },
      { enabled: visible && points.data !== undefined, onData: ({ data }) => take(data) },
    ),
  );

  function take(update: RunUpdate) {
    lastSeq.current = update.seq;
    if (update.run) queryClient.setQueryData(trpc.runs.get.queryKey({ id }), update.run);
    if (update.checkpointsChanged) queryClient.invalidateQueries({ queryKey: trpc.runs.checkpoints.queryKey({ id }) });
    setLogBytes(update.logBytes);
    if (update.reload) {
      points.refetch();
      return;
    }
    if (update.supersededFrom !== null) {
      for (const buffer of buffers.values()) supersede(buffer, update.supersededFrom);
    }
    for (const point of update.points) {
      let buffer = buffers.get(point.series);
      if (!buffer) {
        buffer = emptyBuffer(point.series);
        buffers.set(point.series, buffer);
      }
      append(buffer, point);
    }
    if (update.points.length > 0 || update.supersededFrom !== null) redraw();
  }

  function redraw() {
    if (frame.current) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      bump();
    });
  }
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  return {
    run: record.data,
    buffers,
    // A list that was read anew is a change as well.
    version: version + points.dataUpdatedAt,
    logBytes,
    loading: record.isPending || points.isPending,
    error: record.error ?? points.error,
  };
}
