package dev.vramcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.cli.Vramcast;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.Environment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code vramcast serve}, with the server on the class path. */
@Timeout(60)
class ServeCommandTest {

  private static final Pattern ADDRESS =
      Pattern.compile("vramcast listens on (http://127\\.0\\.0\\.1:\\d+)\n");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void it_says_where_it_listens_answers_there_and_ends_when_told() throws Exception {
    int[] code = {-1};
    Thread program = new Thread(() -> code[0] = run("serve", "--port", "0"));
    program.start();
    Matcher address = ADDRESS.matcher(out.toString());
    while (!address.matches()) {
      Thread.sleep(50);
      address = ADDRESS.matcher(out.toString());
    }

    HttpRequest health = HttpRequest.newBuilder(URI.create(address.group(1) + "/health")).build();
    assertThat(HttpClient.newHttpClient().send(health, BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    program.interrupt();
    program.join();
    assertThat(code[0]).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void a_port_in_use_is_one_line() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int code = run("serve", "--port", String.valueOf(taken.getLocalPort()));

      refused(code, "--port " + taken.getLocalPort() + ": the address is in use");
    }
  }

  @Test
  void an_address_that_is_none_of_this_machine_is_one_line() {
    refused(run("serve", "--port", "0", "--bind", "192.0.2.1"), "--bind 192.0.2.1");
    refused(run("serve", "--port", "0", "--bind", "no such host"), "--bind is 'no such host'");
    refused(run("serve", "--bind", " "), "--bind is empty");
  }

  private void refused(int code, String message) {
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains(message).hasLineCount(1);
    assertThat(out.toString()).isEmpty();
    err.getBuffer().setLength(0);
  }

  private int run(String... arguments) {
    Console console =
        new Console(
            new PrintWriter(out),
            new PrintWriter(err),
            new Terminal(Terminal.PLAIN_WIDTH, false, true),
            new Environment(TestServer.CLOCK, Map.of()));
    return Vramcast.run(List.of(arguments), console);
  }
}
