package dev.vramcast.core.job.document;

import static dev.vramcast.core.job.document.Fallback.is;
import static dev.vramcast.core.job.document.Fallback.rule;
import static dev.vramcast.core.job.document.KeyDefinition.key;
import static dev.vramcast.core.job.value.ValueKind.choice;
import static dev.vramcast.core.job.value.ValueKind.number;
import static dev.vramcast.core.job.value.ValueKind.whole;
import static dev.vramcast.core.job.value.ValueKind.wordList;
import static dev.vramcast.core.job.value.ValueKind.yesOrNo;

import dev.vramcast.core.job.objective.GenerationEngine;
import java.util.List;

/** Keys of how completions are generated. */
final class GenerationKeys {

  static final List<KeyDefinition> ALL =
      List.of(
          key(
              "generation.engine",
              choice(GenerationEngine.values()),
              rule("framework's rule"),
              "who generates completions"),
          key(
              "generation.group_size",
              whole(1, 1_000_000),
              rule("framework's rule"),
              "completions per prompt; of stage ebft-strided 4 of each text unless given"),
          key(
              "generation.steps_per_generation",
              whole(1, 1_000_000),
              rule("framework's rule"),
              "micro-batches per generation"),
          key(
              "generation.iterations",
              whole(1, 1_000_000),
              rule("framework's rule"),
              "updates per generated batch"),
          key(
              "generation.memory_fraction",
              "--engine-memory-fraction",
              number(0, 1),
              rule("framework's rule"),
              "share of the whole card that the engine takes"),
          key(
              "generation.sleep",
              "--engine-sleep",
              whole(0, 2),
              rule("framework's rule"),
              "how much the engine gives back between generations"),
          key(
              "generation.max_model_length",
              whole(1, 100_000_000),
              rule("framework's rule"),
              "tokens of the engine's longest sequence"),
          key(
              "generation.tensor",
              "--engine-tensor",
              whole(1, 1_000_000),
              rule("framework's rule"),
              "tensor-parallel degree of the engine"),
          key(
              "generation.gpus",
              "--engine-gpus",
              whole(0, 1_000_000),
              is("0"),
              "GPUs of a server engine, beside hardware.count"),
          key(
              "generation.ahead",
              "--engine-ahead",
              yesOrNo(),
              rule("framework's rule"),
              "a server engine makes the next batch while this one is trained on"),
          key(
              "generation.offload_while_generating",
              wordList("parameters", "optimizer"),
              is(""),
              "what leaves the GPU while completions are generated"));

  private GenerationKeys() {}
}
