# The daemon in a container, built from source. See docs/container.md.
#
#   docker build -t genserverd .
#   docker run -p 127.0.0.1:6470:6470 -e GENSERVERD_AUTH=none -v "$PWD/plugins:/plugins" genserverd
#
# To be reached at all it listens on all of the container's addresses, and the daemon does not do that before the user has
# said who may connect. GENSERVERD_AUTH=none says: whoever reaches the port. So it stands in the command above and not in
# the image.

ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
ARG RUN_IMAGE=debian:bookworm-slim
# An image of a local Maven repository, for builds that fetch as little as they can.
ARG REPOSITORY_IMAGE=scratch

FROM ${REPOSITORY_IMAGE} AS repository

FROM ${BUILD_IMAGE} AS build
# Modules of the JDK that plugins need and the image is without, such as jdk.localedata,java.desktop.
ARG MODULES=
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/m2,from=repository \
    MAVEN_OPTS=-Dmaven.repo.local=/m2 scripts/install-layout --jre /image \
    && mkdir /image/plugins /examples \
    && cp -p examples/*/target/*.jar /examples

FROM ${RUN_IMAGE} AS daemon
LABEL org.opencontainers.image.title="genserverd" \
      org.opencontainers.image.description="Erlang/OTP's process model for any program that can open a socket" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.documentation="docs/container.md"
COPY --from=build /image/usr /usr
COPY --from=build /image/etc/genserverd /etc/genserverd
COPY deploy/container/healthcheck /usr/lib/genserverd/healthcheck
# Plugins come by a mount, or by genserver plugin deploy; the daemon keeps there what it is given.
COPY --from=build --chown=10001:10001 /image/plugins /plugins

ENV PATH=/usr/lib/genserverd/jre/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 \
    GENSERVERD_CONFIG=/etc/genserverd/genserverd.yaml \
    GENSERVERD_LISTEN=0.0.0.0:6470 \
    GENSERVERD_ADMIN=0.0.0.0:6471 \
    GENSERVERD_PLUGINS=/plugins
EXPOSE 6470 6471
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s CMD ["/usr/lib/genserverd/healthcheck"]

# Nobody in particular, who owns the plugin folder and nothing else. /tmp has to be writable: plugins run from copies there.
USER 10001:10001
WORKDIR /tmp

# As process 1, so that it gets docker stop's SIGTERM. More flags for the JVM go into JDK_JAVA_OPTIONS.
ENTRYPOINT ["java", "@/usr/lib/genserverd/genserverd.options", "-XX:MaxRAMPercentage=50", \
    "-XX:AOTCache=/usr/lib/genserverd/genserverd.aot", "-jar", "/usr/lib/genserverd/genserverd.jar"]

# With the example plugins, for a first try.
FROM daemon AS examples
COPY --from=build --chown=10001:10001 /examples /plugins

# What docker build makes unless told otherwise.
FROM daemon
