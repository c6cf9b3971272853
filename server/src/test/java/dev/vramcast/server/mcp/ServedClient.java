package dev.vramcast.server.mcp;

import dev.vramcast.server.McpClients;
import dev.vramcast.server.TestServer;
import io.modelcontextprotocol.client.McpSyncClient;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server and an MCP client of it, which live as long as the tests of a class. */
public final class ServedClient implements BeforeAllCallback, AfterAllCallback {

  private TestServer server;
  private McpSyncClient client;

  @Override
  public void beforeAll(ExtensionContext context) {
    server = TestServer.start();
    client = McpClients.http(server);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    client.close();
    server.close();
  }

  public TestServer server() {
    return server;
  }

  public McpSyncClient client() {
    return client;
  }
}
