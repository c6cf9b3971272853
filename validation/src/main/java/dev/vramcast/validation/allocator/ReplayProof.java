package dev.vramcast.validation.allocator;

import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.replay.AllocatorReplay;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Holds replays that share what they have in common, in an allocator of arrays, to replays that go
 * through every operation by themselves, in one of objects: whether they run and what they hold.
 */
public final class ReplayProof {

  private static final int PROGRESS = 10_000;

  private static final List<AllocatorSettings> SETTINGS =
      List.of(
          AllocatorSettings.DEFAULT,
          AllocatorSettings.DEFAULT,
          new AllocatorSettings(true, OptionalLong.empty()),
          new AllocatorSettings(false, OptionalLong.of(128L << 20)),
          new AllocatorSettings(true, OptionalLong.of(128L << 20)));

  private ReplayProof() {}

  /** Prints every difference and how many jobs were held; throws where one differed. */
  static void hold(int seed, int count, PrintStream out) {
    RandomCases cases = new RandomCases();
    int different = 0;
    for (int held = 1, next = seed; held <= count; next++) {
      Random random = new Random(new SplittableRandom(next).nextLong());
      Optional<RankEstimate> rank = cases.next(random);
      if (rank.isPresent()) {
        List<String> differences = differences(rank.get(), random);
        for (String difference : differences) {
          out.println("seed " + next + ": " + difference);
        }
        different += differences.isEmpty() ? 0 : 1;
        if (held % PROGRESS == 0 || held == count) {
          out.println(held + " jobs, " + different + " differ, next seed " + (next + 1));
        }
        held++;
      }
    }
    if (different > 0) {
      throw new IllegalStateException(different + " jobs differ");
    }
  }

  /** What is not the same of a rank, under settings and limits that are drawn. */
  static List<String> differences(RankEstimate rank, Random random) {
    AllocatorSettings settings = SETTINGS.get(random.nextInt(SETTINGS.size()));
    AllocatorReplay replay = rank.replay().with(settings);
    List<String> differences = new ArrayList<>();
    compare(replay, Long.MAX_VALUE, differences);
    long most = replay.reservedBytes();
    long least = Math.min(rank.allocatedBytes(), most);
    compare(replay, least, differences);
    for (int i = 0; i < 3; i++) {
      compare(replay, least + random.nextLong(most - least + 1), differences);
    }
    return differences.stream().map(difference -> settings + ", " + difference).toList();
  }

  private static void compare(AllocatorReplay replay, long limit, List<String> differences) {
    compare("limit " + limit, replay.reservedBytes(limit), replay.inFull(limit), differences);
    compare("held of " + limit, replay.heldBytes(limit), replay.heldInFull(limit), differences);
    compare("read of " + limit, replay.readBytes(limit), replay.readInFull(limit), differences);
  }

  private static void compare(
      String what, OptionalLong shared, OptionalLong full, List<String> differences) {
    if (!shared.equals(full)) {
      differences.add(what + ": " + shared + ", in full " + full);
    }
  }
}
