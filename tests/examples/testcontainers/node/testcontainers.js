"use strict";
// What the example uses of testcontainers; its container is an emulator that runs already.

const emulator = new URL(process.env.TWILIO_EMULATOR_URL);

class GenericContainer {
  withExposedPorts() {
    return this;
  }
  withExtraHosts() {
    return this;
  }
  withEnvironment() {
    return this;
  }
  withWaitStrategy() {
    return this;
  }
  async start() {
    return {
      getHost: () => emulator.hostname,
      getMappedPort: () => Number(emulator.port),
      stop: async () => undefined,
    };
  }
}

module.exports = { GenericContainer, Wait: { forHttp: () => undefined } };
