package dev.vramcast.validation.allocator;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.replay.AllocatorOperation;
import dev.vramcast.validation.ResolvedCase;
import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.ShippedCases;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The shipped cases as lists of what two of their steps ask of the allocator. */
final class ProofCases {

  /** So that two hundred lists are played in a minute. */
  private static final int LONGEST = 60_000;

  private ProofCases() {}

  /** All cases of memory, in an order that mixes their sources and is always the same. */
  static List<Case> mixed() {
    List<Case> cases = new ArrayList<>();
    for (ShippedCases shipped : ShippedCases.values()) {
      shipped.read(cases::add);
    }
    cases.removeIf(Case::isThroughput);
    Collections.shuffle(cases, new Random(1));
    return cases;
  }

  /** What the worst rank asks for; nothing where the job is not modelled, or asks very often. */
  static List<AllocatorOperation> operations(Case subject) {
    try {
      ResolvedCase resolved = ResolvedCase.of(subject);
      RankEstimate worst = resolved.memory(resolved.architecture()).worst();
      List<AllocatorOperation> operations = worst.replay().operations();
      return operations.size() > LONGEST ? List.of() : operations;
    } catch (InputException | UnsupportedJobException e) {
      return List.of();
    }
  }
}
