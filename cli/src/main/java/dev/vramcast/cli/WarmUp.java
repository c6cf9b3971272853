package dev.vramcast.cli;

import dev.vramcast.answers.serve.LineProgram;
import dev.vramcast.answers.serve.ServerJar;
import dev.vramcast.answers.serve.ToolProgram;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.cli.console.AnswerWriter;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.Environment;
import dev.vramcast.formats.jobdocument.JobDocumentReader;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;

/**
 * Runs the usual commands once and throws their output away, so that the launcher learns which
 * classes to put into its archive. The first call waits for it, so what takes seconds is left out.
 */
public final class WarmUp {

  private static final String MODEL = "llama-3.1-8b";
  private static final String LENGTHS = "--lengths p50=512,max=8192 --model ";

  private WarmUp() {}

  /**
   * Warms up.
   *
   * @param args {@code tools} where the server is on the class path, to learn its classes too
   * @throws IOException where the program's own jar cannot be read
   */
  public static void main(String[] args) throws IOException {
    start();
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    for (boolean interactive : new boolean[] {true, false}) {
      Terminal terminal = new Terminal(Terminal.PLAIN_WIDTH, interactive, interactive);
      Console console = new Console(nowhere, nowhere, terminal, Environment.ofProcess());
      run(console, "--help");
      run(console, "--version");
      run(console, "estimate", "--help");
      run(console, "estimate", "--model", MODEL, "--method", "qlora", "--gpu", "rtx-4090");
      run(console, "estimate", "--model", "qwen3-30b-a3b", "--method", "full", "--explain");
      run(console, "estimate", "--model", MODEL, "--format", "json", "--checkpointing", "full");
      run(console, "estimate", "--model", MODEL, "--gpu", "h100", "--tokens", "1e6");
      run(console, "estimate", "--params", "7B", "--gpu", "h100");
      run(console, ("fit --method full --gpu rtx-4090 --model " + MODEL).split(" "));
      run(console, "estimate", "--rnak", "1");
      run(console, ("estimate --gpu rtx-4090 --padding longest " + LENGTHS + MODEL).split(" "));
      run(console, "models", "qwen");
      run(console, "gpus", "24GB..");
      run(console, "prices", "h100");
      run(console, ("cost --gpu h100 --tokens 1e6 --model " + MODEL).split(" "));
      run(console, ("plan --tokens 1e7 --gpu rtx-4090 --explain --model " + MODEL).split(" "));
      run(console, ("calibrate --gpu rtx-4090 --allocated 13GiB --model " + MODEL).split(" "));
      run(console, "sweep", "--help");
      run(console, "write", "--model", MODEL, "--gpu", "rtx-4090", "--to", "axolotl");
    }
    new JobDocumentReader().read("model: {id: " + MODEL + "}\nmethod: lora\n", "job.yaml");
    new JobDocumentReader().read("{\"method\": \"lora\"}", "job.json");
    if (List.of(args).contains("tools")) {
      tools(Environment.ofProcess());
    }
  }

  /** What comes before a command and after it: Java opens the jar, and something is printed. */
  private static void start() throws IOException {
    String jar = System.getProperty("java.class.path", "").split(File.pathSeparator, 2)[0];
    if (jar.endsWith(".jar")) {
      try (JarFile file = new JarFile(jar)) {
        file.getManifest();
      }
    }
    Optional.ofNullable(System.console()).ifPresent(java.io.Console::reader);
    PrintWriter out = AnswerWriter.to(OutputStream.nullOutputStream());
    out.println("█");
    out.flush();
  }

  /** What programs and assistants ask over the standard streams. */
  private static void tools(Environment environment) {
    String job = "{\"job\":{\"model\":{\"id\":\"" + MODEL + "\"},\"hardware\":{\"gpu\":\"l4\"}}}";
    ServerJar.load(LineProgram.class, "serve --stdio")
        .run(
            lines(
                "{\"id\":1,\"operation\":\"fit\",\"fields\":" + job + "}",
                "{\"id\":2,\"operation\":\"estimate\",\"fields\":" + job + "}",
                "{\"id\":3,\"operation\":\"none\"}"),
            OutputStream.nullOutputStream(),
            environment.clock(),
            environment.variables());
    ServerJar.load(ToolProgram.class, "mcp")
        .run(
            lines(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":"
                    + "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                    + "\"clientInfo\":{\"name\":\"launcher\",\"version\":\"1\"}}}",
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":"
                    + "{\"name\":\"fit\",\"arguments\":"
                    + job
                    + "}}"),
            OutputStream.nullOutputStream(),
            Network.FORBIDDEN,
            environment.clock(),
            KeptPrices.NONE);
  }

  private static InputStream lines(String... lines) {
    return new ByteArrayInputStream(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  private static void run(Console console, String... args) {
    Vramcast.run(List.of(args), console);
  }
}
