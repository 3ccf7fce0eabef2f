/** How a connection to Temporal repeats calls that failed: as the SDK does, but without harm after its close. */
import {
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

/** For `Connection.connect`; the order matters. `isClosed` tells whether its owner has closed that connection. */
export function retryInterceptors(isClosed: () => boolean): Interceptor[] {
  return [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), ignoreAfterClose(isClosed)];
}

/**
 * A call that waits for its next try is tried all the same when the connection has been closed meanwhile. That throws in
 * a timer, where nobody could catch it, and would end a process that was just leaving well.
 */
function ignoreAfterClose(isClosed: () => boolean): Interceptor {
  return (options, nextCall) => {
    try {
      return nextCall(options) as ReturnType<Interceptor>;
    } catch (error) {
      if (!isClosed()) throw error;
      const nothing = (): void => {};
      const silent = { start: nothing, sendMessage: nothing, halfClose: nothing, cancelWithStatus: nothing };
      return silent as unknown as ReturnType<Interceptor>;
    }
  };
}
