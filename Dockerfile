# A worker, and the client beside it. NOT YET RUN: no machine with Docker has tried it.
# The native parts need glibc: no Alpine.
FROM node:20-bookworm AS build
WORKDIR /longhaul
COPY . .
RUN npm ci && npm prune --omit=dev --ignore-scripts

FROM node:20-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates procps \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /longhaul
COPY --from=build /longhaul/package.json ./
COPY --from=build /longhaul/node_modules node_modules
COPY --from=build /longhaul/dist dist
COPY --from=build /longhaul/configs configs
# Directly, not through npm, which would swallow the stop signal.
CMD ["node", "dist/worker.js"]
