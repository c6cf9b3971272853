package dev.vramcast.validation.allocator;

import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.trace.replay.AllocatorOperation;
import dev.vramcast.validation.cases.Case;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The side of {@code validation/allocator} that knows the model: writes lists of operations for
 * PyTorch's allocator, and plays the same lists through the model.
 */
public final class AllocatorProof {

  private AllocatorProof() {}

  /**
   * {@code random FOLDER COUNT} writes as many lists drawn from the seeds 0, 1 …; {@code jobs
   * FOLDER COUNT} those of two steps of as many shipped cases; {@code play} reads lines {@code
   * FILE|EXPANDABLE|MAX_SPLIT_MIB|LIMIT,LIMIT…} and prints how each went, a line a limit; {@code
   * replays SEED COUNT} holds the replays of as many random jobs to replays in full.
   */
  public static void main(String[] arguments) throws IOException {
    List<String> words = List.of(arguments);
    if (words.equals(List.of("play"))) {
      play(System.out);
    } else if (words.size() == 3 && words.get(0).equals("replays")) {
      replays(words);
    } else if (words.size() == 3 && words.get(2).matches("\\d{1,5}")) {
      Path folder = Path.of(words.get(1));
      int count = Integer.parseInt(words.get(2));
      switch (words.get(0)) {
        case "random" -> random(folder, count);
        case "jobs" -> jobs(folder, count);
        default -> refuse(words);
      }
    } else {
      refuse(words);
    }
  }

  /** Ends the program with one line in place of a stack trace, and exit code 1. */
  private static void refuse(List<String> words) {
    Thread.currentThread()
        .setUncaughtExceptionHandler((thread, e) -> System.err.println(Shown.cause(e)));
    throw new IllegalArgumentException(
        Shown.given(String.join(" ", words))
            + ", allowed: random FOLDER COUNT, jobs FOLDER COUNT, play, replays SEED COUNT");
  }

  private static void replays(List<String> words) {
    if (!words.get(1).matches("\\d{1,9}") || !words.get(2).matches("\\d{1,9}")) {
      refuse(words);
    }
    ReplayProof.hold(Integer.parseInt(words.get(1)), Integer.parseInt(words.get(2)), System.out);
  }

  private static void random(Path folder, int count) throws IOException {
    for (int seed = 0; seed < count; seed++) {
      write(folder, "random-" + seed, RandomOperations.of(seed));
    }
  }

  /** In an order that mixes their sources. */
  private static void jobs(Path folder, int count) throws IOException {
    int written = 0;
    for (Case subject : ProofCases.mixed()) {
      if (written < count) {
        List<AllocatorOperation> operations = ProofCases.operations(subject);
        if (!operations.isEmpty()) {
          write(folder, subject.id(), operations);
          written++;
        }
      }
    }
  }

  private static void write(Path folder, String name, List<AllocatorOperation> operations)
      throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(name + ".ops"), OperationText.lines(operations));
  }

  private static void play(PrintStream out) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] parts = line.split("\\|", 4);
      List<AllocatorOperation> operations =
          OperationText.read(Files.readAllLines(Path.of(parts[0])));
      AllocatorSettings settings = settings(parts[1].equals("1"), Long.parseLong(parts[2]));
      for (String limit : parts[3].split(",", -1)) {
        ModelRun run = ModelRun.of(operations, settings, limit(Long.parseLong(limit)));
        out.println(
            "limit=%s runs=%d at=%d reserved=%d"
                .formatted(limit, run.runs() ? 1 : 0, run.at(), run.reserved()));
      }
      out.flush();
    }
  }

  /** None is written as 0. */
  static long limit(long bytes) {
    return bytes == 0 ? Long.MAX_VALUE : bytes;
  }

  /** No max split is written as 0 MiB. */
  static AllocatorSettings settings(boolean expandable, long maxSplitMebibytes) {
    return new AllocatorSettings(
        expandable,
        maxSplitMebibytes == 0 ? OptionalLong.empty() : OptionalLong.of(maxSplitMebibytes << 20));
  }
}
