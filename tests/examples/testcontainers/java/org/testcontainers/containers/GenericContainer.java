package org.testcontainers.containers;

import java.net.URI;
import org.testcontainers.containers.wait.strategy.WaitStrategy;
import org.testcontainers.utility.DockerImageName;

/** What the example uses of it; its container is an emulator that runs already. */
public class GenericContainer<SELF extends GenericContainer<SELF>> implements AutoCloseable {
    private final URI emulator = URI.create(System.getenv("TWILIO_EMULATOR_URL"));

    public GenericContainer(DockerImageName image) {}

    @SuppressWarnings("unchecked")
    private SELF self() {
        return (SELF) this;
    }

    public SELF withExposedPorts(Integer... ports) {
        return self();
    }

    public SELF withExtraHost(String name, String address) {
        return self();
    }

    public SELF withEnv(String name, String value) {
        return self();
    }

    public SELF waitingFor(WaitStrategy strategy) {
        return self();
    }

    public void start() {}

    public String getHost() {
        return emulator.getHost();
    }

    public Integer getMappedPort(int port) {
        return emulator.getPort();
    }

    @Override
    public void close() {}
}
