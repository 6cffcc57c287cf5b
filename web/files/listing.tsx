import { Checkbox, Pagination } from '@patternfly/react-core'
import { useMemo, useRef } from 'react'
import type { FileEntry } from '../api/documents.ts'
import type { Column, Sort } from '../shown/column.ts'
import { Nothing } from '../shown/loaded.tsx'
import { RowTable } from '../shown/row-table.tsx'
import { useWords } from '../words/words.tsx'
import { folderOf, isChosen, withFolder, withOne, withoutFolder, type Choice } from './choice.ts'
import { pathOf, useFileColumns } from './file-columns.tsx'
import { shownName } from './names.ts'
import type { FolderWish, useFolder } from './use-folder.ts'
import { PART, SORTED } from './use-folder-wish.ts'

interface Props {
  readonly wish: FolderWish
  readonly part: number
  readonly folder: ReturnType<typeof useFolder>
  readonly total: number
  /** Absent: its other points may not be looked through. */
  readonly source: string | undefined
  readonly to: (path: string) => string
  readonly choice: Choice
  readonly onChoose: (choice: Choice) => void
  readonly onSort: (sort: Sort) => void
  readonly onPart: (part: number) => void
}

/** What a folder holds: folders are entered, files downloaded, both ticked for later. */
export function Listing(props: Props) {
  const { wish, folder, total, choice, onSort } = props
  const { browseFiles, emptyFolder, files } = useWords()
  const start = useRef<HTMLDivElement>(null)
  const ticks = useTicks(props)
  const facts = useFileColumns(props)
  // Rows are drawn again only where something of them changes, not with each step of scrolling.
  const columns = useMemo(() => [ticks, ...facts], [choice, facts])
  if (total === 0) return <Nothing title={wish.name === '' ? emptyFolder : files.notFound} />
  const index = Number(Object.entries(SORTED).find(([, order]) => order === wish.order)?.[0])
  return (
    <>
      <ChooseAll {...props} />
      <div ref={start} tabIndex={-1}>
        <Parts {...props} />
      </div>
      <RowTable
        label={browseFiles}
        columns={columns}
        count={Math.max(0, Math.min(PART, total - wish.from))}
        rowAt={folder.rowAt}
        keyOf={({ name }) => name}
        {...{ total, before: wish.from, onSort, onShown: folder.onShown }}
        sort={{ index, direction: wish.descending ? 'desc' : 'asc' }}
      />
      {/* The next part is read from its beginning. */}
      <Parts {...props} onTurned={() => start.current?.focus()} />
    </>
  )
}

/** Which entries these are, where a folder has more than a page can be high. */
function Parts(props: Props & { readonly onTurned?: () => void }) {
  const { wish, part, total, onPart, onTurned } = props
  const { files, pages } = useWords()
  if (total <= PART) return null
  return (
    <div className="page-head">
      <span>{files.part(wish.from + 1, Math.min(wish.from + PART, total))}</span>
      <Pagination
        itemCount={total}
        page={part}
        perPage={PART}
        perPageOptions={[]}
        onSetPage={(_event, next) => {
          onPart(next)
          onTurned?.()
        }}
        titles={{ paginationAriaLabel: pages }}
        {...(onTurned && { variant: 'bottom' })}
      />
    </div>
  )
}

/** All that is there by this name, also what has not been read yet. */
function ChooseAll({ wish: { path, name }, folder, total, choice, onChoose }: Props) {
  const { files } = useWords()
  // Partitions are places of their own: one by one.
  if (folder.rowAt(0)?.type === 'partition') return null
  const chosen = { folder: folderOf(path), name, except: [], count: total }
  const there = choice.folders.find((one) => one.folder === chosen.folder && one.name === name)
  const isWhole = there !== undefined && there.except.length === 0
  return (
    <Checkbox
      id="choose-all"
      className="spaced"
      label={name === '' ? files.chooseAll(total) : files.chooseMatching(total)}
      isChecked={isWhole ? true : there ? null : false}
      onChange={() =>
        onChoose(isWhole ? withoutFolder(choice, chosen) : withFolder(choice, chosen))
      }
    />
  )
}

/** The first column: what is ticked stays chosen, also in other folders. */
function useTicks({ wish, choice, onChoose }: Props): Column<FileEntry> {
  const { files } = useWords()
  const folder = folderOf(wish.path)
  const isTicked = (entry: FileEntry) =>
    entry.type === 'partition'
      ? choice.paths.includes(pathOf(folder, entry))
      : isChosen(choice, folder, entry.name)
  const tick = (entry: FileEntry, isWanted: boolean) => {
    const isPlace = entry.type === 'partition'
    const [of, name] = isPlace ? ['', pathOf(folder, entry)] : [folder, entry.name]
    onChoose(withOne(choice, of, name, isWanted))
  }
  return {
    title: files.choose,
    width: 10,
    show: (entry) => (
      <Checkbox
        id={`choose-${pathOf(folder, entry)}`}
        aria-label={files.chooseOne(shownName(entry.name))}
        isChecked={isTicked(entry)}
        onChange={(_, isWanted) => tick(entry, isWanted)}
      />
    ),
  }
}
