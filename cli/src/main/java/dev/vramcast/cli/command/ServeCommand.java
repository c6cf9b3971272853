package dev.vramcast.cli.command;

import dev.vramcast.answers.request.MemoryText;
import dev.vramcast.answers.serve.AccessToken;
import dev.vramcast.answers.serve.LineProgram;
import dev.vramcast.answers.serve.ServeSettings;
import dev.vramcast.answers.serve.ServerJar;
import dev.vramcast.answers.serve.ServerProgram;
import dev.vramcast.answers.serve.ServerProgram.Running;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.Paths;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast serve}: the HTTP API and the page, until it is told to stop. */
public final class ServeCommand implements Command {

  private static final String PORT = "--port";
  private static final String BIND = "--bind";
  private static final String ALLOW_HUB = "--allow-hub";
  private static final String TOKEN_FILE = "--token-file";
  private static final String MAX_BODY = "--max-body";
  private static final String TIME_LIMIT = "--time-limit";

  private static final String STDIO = "--stdio";

  private static final int HIGHEST_PORT = 65_535;
  private static final int LEAST_BODY = 1 << 10;
  private static final int MOST_BODY = 64 << 20;
  private static final int LONGEST_LIMIT = 3_600;

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public String summary() {
    return "Answer the same questions over HTTP, as an API and as a page.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.addOption(
        Options.text(
            PORT,
            "N",
            "Port to listen on, 0 for any that is free. Default: "
                + ServeSettings.USUAL_PORT
                + "."));
    spec.addOption(
        Options.text(
            BIND,
            "ADDRESS",
            "Interface to listen on; 0.0.0.0 for all. Default: "
                + ServeSettings.LOOPBACK
                + ", this machine alone."));
    spec.addOption(
        Options.flag(ALLOW_HUB, "Ask the Hub for models that are neither known nor cached."));
    spec.addOption(
        Options.text(
            TOKEN_FILE,
            "FILE",
            "Ask it only for requests that bring the token in this file, as Authorization:"
                + " Bearer TOKEN; needed where other machines are listened to."));
    spec.addOption(
        Options.text(MAX_BODY, "SIZE", "Requests with a longer body are refused. Default: 1MiB."));
    spec.addOption(
        Options.text(
            TIME_LIMIT,
            "SECONDS",
            "What takes longer to answer is given up. Default: "
                + ServeSettings.USUAL_TIME_LIMIT.toSeconds()
                + "."));
    spec.addOption(
        Options.flag(
            STDIO,
            "Answer a program that started this one, a JSON object a line; paths that it gives"
                + " are opened."));
    spec.usageMessage()
        .footer(
            "",
            "The API is described at /api/v1/docs.",
            "",
            "Examples:",
            "  vramcast serve",
            "  vramcast serve --port 0 --allow-hub");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    if (arguments.hasMatchedOption(STDIO)) {
      return lines(arguments, console);
    }
    ServeSettings settings = settings(arguments, console);
    Running server = ServerJar.load(ServerProgram.class, "vramcast serve").start(settings);
    console.print(List.of("vramcast listens on " + server.address()));
    console.flush();
    waitForEnd(server);
    return ExitCode.OK;
  }

  /** The answers alone go to standard output; whatever else is printed goes to standard error. */
  private static int lines(ParseResult arguments, Console console) {
    for (String other : List.of(PORT, BIND, ALLOW_HUB, TOKEN_FILE, MAX_BODY, TIME_LIMIT)) {
      if (arguments.hasMatchedOption(other)) {
        throw InputError.about(Subject.option(other))
            .kind(ErrorKind.CONTRADICTION)
            .and(" says nothing with ", Subject.option(STDIO))
            .refusal();
      }
    }
    LineProgram program = ServerJar.load(LineProgram.class, "vramcast serve --stdio");
    PrintStream answers = System.out;
    System.setOut(System.err);
    try {
      program.run(
          System.in, answers, console.surroundings().clock(), console.surroundings().variables());
    } finally {
      System.setOut(answers);
    }
    return ExitCode.OK;
  }

  private static ServeSettings settings(ParseResult arguments, Console console) {
    String bind = Options.value(arguments, BIND).orElse(ServeSettings.LOOPBACK);
    if (bind.isBlank()) {
      throw InputError.about(Subject.option(BIND))
          .and(" is empty")
          .allowed("an address such as 127.0.0.1")
          .refusal();
    }
    return new ServeSettings(
        bind,
        whole(arguments, PORT, 0, HIGHEST_PORT, ServeSettings.USUAL_PORT),
        maxBody(arguments),
        Duration.ofSeconds(
            whole(
                arguments,
                TIME_LIMIT,
                1,
                LONGEST_LIMIT,
                (int) ServeSettings.USUAL_TIME_LIMIT.toSeconds())),
        arguments.hasMatchedOption(ALLOW_HUB) ? Network.ALLOWED : Network.FORBIDDEN,
        console.surroundings().clock(),
        token(arguments, bind),
        KeptPrices.of(console.surroundings().variables()));
  }

  /** Whoever can ask would use this user's access to the Hub. */
  private static Optional<AccessToken> token(ParseResult arguments, String bind) {
    Optional<String> file = Options.value(arguments, TOKEN_FILE);
    boolean hub = arguments.hasMatchedOption(ALLOW_HUB);
    if (file.isPresent() && !hub) {
      throw InputError.about(Subject.option(TOKEN_FILE))
          .kind(ErrorKind.MISSING)
          .and(" says nothing without ", Subject.option(ALLOW_HUB))
          .refusal();
    }
    if (hub && file.isEmpty() && !isThisMachine(bind)) {
      throw InputError.about(Subject.option(ALLOW_HUB))
          .kind(ErrorKind.MISSING)
          .and(" with ", Subject.option(BIND), " ", bind)
          .and(" needs ", Subject.option(TOKEN_FILE))
          .and(", or anybody's requests use this user's access to the Hub")
          .refusal();
    }
    return file.map(Paths::of).map(AccessToken::in);
  }

  private static boolean isThisMachine(String bind) {
    try {
      return InetAddress.getByName(bind).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // The server says so when it listens.
      return true;
    }
  }

  private static int maxBody(ParseResult arguments) {
    return Options.value(arguments, MAX_BODY)
        .map(
            text -> {
              long bytes = MemoryText.bytes(Subject.option(MAX_BODY), text);
              if (bytes < LEAST_BODY || bytes > MOST_BODY) {
                throw InputError.about(Subject.option(MAX_BODY))
                    .is(text)
                    .allowed("from 0.001MiB to 64MiB")
                    .refusal();
              }
              return (int) bytes;
            })
        .orElse(ServeSettings.USUAL_BODY_BYTES);
  }

  private static int whole(ParseResult arguments, String option, int least, int most, int usual) {
    return Options.value(arguments, option)
        .map(
            text -> {
              int number = text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
              if (number < least || number > most) {
                throw InputError.about(Subject.option(option))
                    .is(text)
                    .allowed("a whole number from ", least, " to ", most)
                    .refusal();
              }
              return number;
            })
        .orElse(usual);
  }

  /** Until the process is told to end, or this thread is. */
  private static void waitForEnd(Running server) {
    CountDownLatch end = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "vramcast-stop"));
    try {
      end.await();
    } catch (InterruptedException e) {
      server.stop();
    }
  }
}
