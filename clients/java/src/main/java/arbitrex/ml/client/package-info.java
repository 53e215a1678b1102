/**
 * Asks the Arbitrex ML layer whether a trading signal may trade now.
 *
 * <p>{@link arbitrex.ml.client.MlClient} holds one connection; {@link arbitrex.ml.client.BatchSession} sends a whole window once
 * and then only the newest bars.
 *
 * <p>Everything fails closed. There is a {@link arbitrex.ml.client.Decision} only for an answer that the service gave to exactly
 * this request and that agrees with its own gates; everything else is an {@link arbitrex.ml.client.MlRpcException}.
 */
package arbitrex.ml.client;
