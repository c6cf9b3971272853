package dev.vramcast.spark.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Java process whose output goes to a log file, ended with all that it started. */
public final class Jvm implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int SHOWN_LINES = 60;

  private final Process process;
  private final Path log;
  private final Thread reaper = new Thread(this::kill);

  private Jvm(Process process, Path log) {
    this.process = process;
    this.log = log;
    Runtime.getRuntime().addShutdownHook(reaper);
  }

  /**
   * Starts {@code java arguments}.
   *
   * @param log written anew
   * @param environment added to that of this process
   */
  public static Jvm start(Path log, Map<String, String> environment, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      return new Jvm(builder.redirectOutput(log.toFile()).start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first match in the log, waited for. */
  public Matcher await(Pattern line, Duration limit) {
    return awaitAfter(0, line, limit);
  }

  /** The first match in the log behind so many characters, waited for. */
  public Matcher awaitAfter(int start, Pattern line, Duration limit) {
    await(() -> line.matcher(text()).find(start), "'" + line + "' in its log", limit);
    Matcher matcher = line.matcher(text());
    matcher.find(start);
    return matcher;
  }

  /** Returns when the condition holds; a process that ends before, or a limit, is an error. */
  public void await(BooleanSupplier condition, String what, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("no " + what + " after " + limit + "\n" + tail());
      }
      if (!process.isAlive() && !condition.getAsBoolean()) {
        throw new IllegalStateException("ended without " + what + "\n" + tail());
      }
      sleep();
    }
  }

  /** The exit code, waited for. */
  public int exitCode(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("still running after " + limit + "\n" + tail());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL for the process and for all that it started. */
  public void kill() {
    try (Stream<ProcessHandle> descendants = process.descendants()) {
      List<ProcessHandle> started = descendants.toList();
      process.destroyForcibly();
      started.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** What the process has written so far. */
  public String text() {
    try {
      return Files.readString(log, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last lines that it has written, below the name of the log. */
  public String tail() {
    List<String> lines = text().lines().toList();
    return log
        + ":\n"
        + String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
  }

  @Override
  public void close() {
    kill();
    exitCode(Duration.ofSeconds(10));
    Runtime.getRuntime().removeShutdownHook(reaper);
  }

  private static void sleep() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
