# The service alone, from scratch: one static program that runs as nobody in particular. docs/containers.md
FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY extension extension
COPY internal internal
COPY messaging messaging
COPY migrations migrations
COPY wpbridge wpbridge
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -buildvcs=false -ldflags="-s -w" -o /jetonomy-sidecar ./cmd/jetonomy-sidecar

FROM scratch
# For a database or a site that speaks TLS.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /jetonomy-sidecar /jetonomy-sidecar
# A container's own 127.0.0.1 is reached by nobody else. Health and metrics stay there.
ENV SIDECAR_LISTEN=0.0.0.0:8787
EXPOSE 8787
USER 65532:65532
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s CMD ["/jetonomy-sidecar", "healthcheck"]
ENTRYPOINT ["/jetonomy-sidecar"]
CMD ["serve"]
