# The daemon in a container, built from source:
#
#   docker build -t genserverd .
#   docker run -p 6470:6470 -e GENSERVERD_AUTH=none -v ./plugins:/plugins:ro genserverd
#
# To be reached at all it listens on all of the container's addresses, and the daemon does not do that before the user has
# said who may connect. GENSERVERD_AUTH=none says: whoever reaches the port. So it stands in the command above and not in
# the image.

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/m2 \
    mvn --batch-mode --no-transfer-progress --quiet -Dmaven.repo.local=/m2 \
        -Dmaven.test.skip=true -Dspotless.check.skip=true --projects daemon --also-make package

FROM eclipse-temurin:25-jre
LABEL org.opencontainers.image.title="genserverd" \
      org.opencontainers.image.description="Erlang/OTP's process model for any program that can open a socket"

COPY --from=build /src/daemon/jvm.options /src/daemon/target/genserverd.jar /opt/genserverd/
COPY --from=build /src/daemon/target/lib /opt/genserverd/lib

ENV GENSERVERD_LISTEN=0.0.0.0:6470 \
    GENSERVERD_ADMIN=0.0.0.0:6471 \
    GENSERVERD_PLUGINS=/plugins
VOLUME /plugins
EXPOSE 6470 6471

# Any answer to a ping is a sign of life. The image has no nc and no curl.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["bash", "-c", "exec 3<>\"/dev/tcp/127.0.0.1/${GENSERVERD_LISTEN##*:}\" && echo '{\"op\":\"ping\"}' >&3 && read -r <&3"]

# Nobody in particular, who owns nothing: the daemon writes to its temporary folder alone.
USER 10001:10001

# As process 1, so that it gets docker stop's SIGTERM. More flags for the JVM go into JDK_JAVA_OPTIONS.
ENTRYPOINT ["java", "@/opt/genserverd/jvm.options", "-XX:MaxRAMPercentage=75", "-jar", "/opt/genserverd/genserverd.jar"]
