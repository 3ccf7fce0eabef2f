/** Where a server tells about itself, found from the URL of its chat completions. */
export interface ServerPaths {
  /** The list of models; null = it cannot be told from the URL. */
  models: string | null;
  /** What stands before the server's own paths, without a slash at its end; empty = nothing. */
  root: string;
}

/** The paths beside a URL of chat completions. */
export function serverPaths(apiUrl: string): ServerPaths {
  const { pathname } = new URL(apiUrl);
  const base = /^(.*)\/chat\/completions\/?$/.exec(pathname)?.[1];
  if (base === undefined || base.includes('/deployments/')) return { models: null, root: '' };
  return { models: `${base}/models`, root: base.replace(/\/v\d+$/, '') };
}
