import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState, type FocusEvent, type RefObject } from 'react'

/** Up to so many rows a list is drawn whole. */
const WHOLE = 50
/** A row of one line; what is drawn is measured. */
const ROW_PX = 41
/** Rows beyond each edge: what a turn of the wheel or a Tab brings in is there already. */
const BEYOND = 16

interface Placed {
  readonly index: number
  /** Of rows that are not drawn, in front of this one. */
  readonly gapPx: number
}

interface RowWindow {
  readonly isPart: boolean
  readonly rows: readonly Placed[]
  readonly gapAfterPx: number
  readonly table: RefObject<HTMLTableElement | null>
  readonly measure: ((row: Element | null) => void) | undefined
  readonly onFocus: (event: FocusEvent) => void
  readonly onBlur: (event: FocusEvent) => void
}

/**
 * Which rows of a long list are drawn: those that are seen as its page scrolls, some beyond them, and the
 * one that has the focus, so that scrolling takes nobody's place away.
 */
export function useRowWindow(count: number): RowWindow {
  const table = useRef<HTMLTableElement>(null)
  const [place, setPlace] = useState<{ scroller: Element; top: number } | undefined>()
  const [focused, setFocused] = useState<number | undefined>()
  const isPart = count > WHOLE
  // What stands above the table may have grown since it was last drawn.
  useLayoutEffect(() => {
    const found = isPart && table.current ? placeOf(table.current) : undefined
    if (found?.scroller !== place?.scroller || found?.top !== place?.top) setPlace(found)
  })
  const virtualizer = useVirtualizer<Element, Element>({
    ...{ count, enabled: isPart, estimateSize: () => ROW_PX, overscan: BEYOND },
    ...{ scrollMargin: place?.top ?? 0, useFlushSync: false },
    getScrollElement: () => place?.scroller ?? null,
    rangeExtractor: (range) => withFocused(range, focused),
  })
  const shared = {
    ...{ isPart, table },
    onFocus: ({ target }: FocusEvent) => setFocused(rowOf(target)),
    // Where the focus goes to has to be there still.
    onBlur: ({ relatedTarget }: FocusEvent) => setFocused(rowOf(relatedTarget)),
  }
  if (!isPart) return { ...shared, rows: whole(count), gapAfterPx: 0, measure: undefined }
  const top = place?.top ?? 0
  let end = top
  const rows = virtualizer.getVirtualItems().map((item) => {
    const gapPx = item.start - end
    end = item.end
    return { index: item.index, gapPx }
  })
  const gapAfterPx = top + virtualizer.getTotalSize() - end
  return { ...shared, rows, gapAfterPx, measure: virtualizer.measureElement }
}

function rowOf(target: EventTarget | null): number | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null
  return row ? Number(row.dataset['index']) : undefined
}

function whole(count: number): readonly Placed[] {
  return Array.from({ length: count }, (_, index) => ({ index, gapPx: 0 }))
}

/** With its neighbours: the keyboard goes on from there. */
function withFocused(range: Range, focused: number | undefined): number[] {
  const seen = defaultRangeExtractor(range)
  if (focused === undefined) return seen
  const near = [focused - 1, focused, focused + 1].filter((at) => at >= 0 && at < range.count)
  return [...new Set([...seen, ...near])].sort((a, b) => a - b)
}

/** What scrolls the table, and how far down in it its rows begin. */
function placeOf(table: HTMLTableElement): { scroller: Element; top: number } | undefined {
  const scroller = scrollerOf(table)
  const body = table.tBodies[0]
  if (!scroller || !body) return undefined
  const top = body.getBoundingClientRect().top - scroller.getBoundingClientRect().top
  return { scroller, top: Math.round(top + scroller.scrollTop) }
}

function scrollerOf(element: Element): Element | undefined {
  const { parentElement } = element
  if (!parentElement) return document.scrollingElement ?? undefined
  const { overflowY } = getComputedStyle(parentElement)
  return overflowY === 'auto' || overflowY === 'scroll' ? parentElement : scrollerOf(parentElement)
}
