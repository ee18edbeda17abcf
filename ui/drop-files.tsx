import { FileZipOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type DragEvent, useRef, useState } from 'react';

export interface DropFilesProps {
  /** What belongs here, in words: "省厅下发的 zip、DBF 文件夹、XLSX 或 CSV". */
  readonly hint: string;
  /** As of `<input accept>`: `.zip,.dbf,.xlsx,.csv`. */
  readonly accept: string;
  readonly allowFolder?: boolean;
  readonly busy?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/** A place to drop a file or a whole folder, or to choose one. Files of a folder keep their path in it. */
export function DropFiles({ hint, accept, allowFolder = false, busy = false, onFiles }: DropFilesProps) {
  const [over, setOver] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!busy) onFiles(await droppedFiles(event.dataTransfer));
  };
  const give = (list: FileList | null) => {
    if (list && list.length > 0) onFiles([...list]);
  };
  return (
    <section
      aria-label="拖放文件"
      className={over ? 'zz-drop zz-drop-over' : 'zz-drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <FileZipOutlined className="zz-drop-icon" />
      <strong>把文件拖到这里</strong>
      <p className="zz-note">{hint}</p>
      <div className="zz-page-extra">
        <Button type="primary" loading={busy} onClick={() => file.current?.click()}>
          选择文件
        </Button>
        {allowFolder && (
          <Button disabled={busy} onClick={() => folder.current?.click()}>
            选择文件夹
          </Button>
        )}
      </div>
      <input
        ref={file}
        type="file"
        hidden
        multiple
        accept={accept}
        onChange={(event) => give(event.target.files)}
      />
      <input
        ref={folder}
        type="file"
        hidden
        multiple
        {...{ webkitdirectory: '' }}
        onChange={(event) => give(event.target.files)}
      />
    </section>
  );
}

const fileLimit = 20_000;

/** Walks dropped folders; the path inside the folder becomes the name of each file. */
async function droppedFiles(transfer: DataTransfer): Promise<readonly File[]> {
  const roots = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (roots.length === 0) return [...transfer.files];
  const files: File[] = [];
  const open = [...roots];
  for (let entry = open.pop(); entry && files.length < fileLimit; entry = open.pop()) {
    if (entry.isDirectory) open.push(...(await entriesOf(entry as FileSystemDirectoryEntry)));
    else files.push(await fileOf(entry as FileSystemFileEntry));
  }
  return files;
}

/** Browsers hand out a folder in portions until an empty one. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function fileOf(entry: FileSystemFileEntry): Promise<File> {
  const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
  return new File([file], entry.fullPath.replace(/^\//, ''), {
    type: file.type,
    lastModified: file.lastModified,
  });
}
