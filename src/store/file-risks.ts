/** What endangers a results file where it lies: others who may read it, and disks across a network. */
import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const GROUP_AND_OTHERS = 0o077;

/** Types of Linux's statfs on which the locks of SQLite do not hold or are not known to. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'SMB'],
  [0x65735546, 'FUSE'],
  [0x01021997, '9P'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
]);

/** One sentence for each risk; a file that does not exist yet is judged by its folder alone. Looks only at metadata. */
export function describeFileRisks(file: string): string[] {
  const network = networkFileSystem(file);
  const open = [file, `${file}-wal`, `${file}-shm`].filter(isOpenToOthers);
  const risks: string[] = [];
  if (open.length > 0) {
    risks.push(`${open[0]} is open to other users of this machine. To close it: chmod 600 ${open.join(' ')}`);
  }
  if (network !== null) {
    risks.push(
      `${file} is on a network file system (${network}), where locks do not hold; answers may be lost. Use a local disk.`,
    );
  }
  return risks;
}

/** The name of a network file system by its statfs type; null = not known as one. */
export function networkFileSystemOf(type: number): string | null {
  return NETWORK_FILE_SYSTEMS.get(type >>> 0) ?? null;
}

function networkFileSystem(file: string): string | null {
  if (process.platform !== 'linux') return null;
  let folder = dirname(file);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return networkFileSystemOf(statfsSync(folder).type);
}

function isOpenToOthers(path: string): boolean {
  if (process.platform === 'win32' || !existsSync(path)) return false;
  return (statSync(path).mode & GROUP_AND_OTHERS) !== 0;
}
