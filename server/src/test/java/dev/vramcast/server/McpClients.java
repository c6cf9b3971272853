package dev.vramcast.server;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The SDK's own client, over both transports. */
public final class McpClients {

  static final Map<String, Object> JOB =
      Map.of("model", Map.of("id", "llama-3.1-8b"), "hardware", Map.of("gpu", "l4"));

  private McpClients() {}

  public static McpSyncClient http(TestServer server) {
    return client(
        HttpClientStreamableHttpTransport.builder(server.running().address())
            .endpoint(McpRoute.PATH)
            .build());
  }

  static McpSyncClient stdio() {
    List<String> command = command();
    return client(
        new StdioClientTransport(
            ServerParameters.builder(command.get(0))
                .args(command.subList(1, command.size()))
                .build(),
            McpJsonDefaults.getMapper()));
  }

  /** {@code vramcast mcp} in a process of its own, with what these tests were compiled against. */
  static List<String> command() {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        classPath,
        "dev.vramcast.cli.Vramcast",
        "mcp");
  }

  private static McpSyncClient client(McpClientTransport transport) {
    McpSyncClient client =
        McpClient.sync(transport)
            .requestTimeout(Duration.ofSeconds(120))
            .initializationTimeout(Duration.ofSeconds(120))
            .build();
    client.initialize();
    return client;
  }

  public static CallToolResult call(
      McpSyncClient client, String tool, Map<String, Object> arguments) {
    return client.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
  }

  public static String text(CallToolResult result) {
    return ((TextContent) result.content().get(0)).text();
  }
}
