# syntax=docker/dockerfile:1
ARG BUILDER=golang:1.26

FROM ${BUILDER} AS build
WORKDIR /src
ENV CGO_ENABLED=0
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY config config
COPY detect detect
COPY proxy proxy
COPY vault vault
ARG VERSION=dev
RUN go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=${VERSION}" -o /maskit ./cmd/maskit

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /maskit /maskit
USER 65532:65532
# Inside a container the loopback interface reaches nobody.
ENV MASKIT_LISTEN=:8080 MASKIT_ADMIN=:8081
EXPOSE 8080 8081
ENTRYPOINT ["/maskit"]
CMD ["serve"]
