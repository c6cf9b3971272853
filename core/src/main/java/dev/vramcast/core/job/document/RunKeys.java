package dev.vramcast.core.job.document;

import static dev.vramcast.core.job.document.Fallback.is;
import static dev.vramcast.core.job.document.Fallback.rule;
import static dev.vramcast.core.job.document.KeyDefinition.key;
import static dev.vramcast.core.job.value.ValueKind.choice;
import static dev.vramcast.core.job.value.ValueKind.lengths;
import static dev.vramcast.core.job.value.ValueKind.number;
import static dev.vramcast.core.job.value.ValueKind.text;
import static dev.vramcast.core.job.value.ValueKind.whole;
import static dev.vramcast.core.job.value.ValueKind.yesOrNo;

import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.document.Knob.Panel;
import dev.vramcast.core.job.option.GgufType;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.SavedState;
import java.util.List;

/** Keys of a whole run: its data, its evaluations and what it saves. */
final class RunKeys {

  static final List<KeyDefinition> ALL =
      List.of(
          key("data.examples", number(1, 1e15), rule("none"), "examples of the data set")
              .called("Examples")
              .turned(Knob.oneTwoFive(Panel.EXAMPLES, 1000, 1_000_000)),
          key("data.tokens_per_example", number(1, 1e9), rule("none"), "mean tokens per example")
              .called("Tokens of an example")
              .turned(Knob.doubled(Panel.EXAMPLES, "mean", 64, 32_768)),
          key("data.epochs", number(0, 1e6), rule("none"), "passes over the data set")
              .called("Epochs")
              .turned(Knob.stops(Panel.EXAMPLES, "", 1, 2, 3, 4, 5, 8, 10)),
          key(
                  "data.tokens",
                  number(1, 1e18),
                  rule("none"),
                  "tokens of the whole run, in place of the other three")
              .called("Tokens of the run")
              .turned(Knob.oneTwoFive(Panel.TOKENS, 1_000_000, 10_000_000_000L)),
          key(
                  "data.steps",
                  number(1, 1e12),
                  rule("none"),
                  "optimizer steps that end the run, whatever the epochs")
              .called("Steps of the run"),
          key("data.lengths", lengths(), rule("none"), "tokens of the examples, before a cut-off"),
          key(
              "data.file",
              "--data-file",
              text(),
              rule("none"),
              "JSONL file whose examples are measured, plain or gzip"),
          key(
              "data.characters_per_token",
              number(0.1, 1_000),
              is("4"),
              "for guessing the tokens of data.file"),
          key(
              "data.tokenizer",
              text(),
              rule("none"),
              "tokenizer.json that counts the tokens of data.file"),
          key(
              "data.loader_workers",
              whole(0, 10_000),
              rule("framework's rule"),
              "processes of each rank that prepare batches, dataloader_num_workers"),
          key(
              "evaluation.micro_batch",
              "--evaluation-batch",
              whole(1, 1_000_000),
              rule("framework's batch"),
              "sequences per GPU and forward pass of an evaluation"),
          key(
              "evaluation.batches",
              "--evaluation-batches",
              whole(0, 1_000_000),
              is("0"),
              "batches of an evaluation during the run"),
          key(
              "evaluation.metrics",
              "--evaluation-metrics",
              yesOrNo(),
              is("false"),
              "logits are gathered for metrics"),
          key(
              "evaluation.accumulation_steps",
              "--evaluation-accumulation-steps",
              whole(1, 1_000_000),
              rule("all"),
              "batches after which logits go to the host"),
          key(
              "evaluation.new_tokens",
              "--evaluation-new-tokens",
              whole(0, 1_000_000),
              is("0"),
              "tokens that an evaluation generates behind each sequence, predict_with_generate"),
          key(
              "evaluation.beams",
              "--evaluation-beams",
              whole(1, 1_000),
              is("1"),
              "beams of a search for them, generation_num_beams"),
          key(
              "saving.state_dict",
              "--saved-state",
              choice(SavedState.FULL, SavedState.SHARDED, SavedState.ADAPTER),
              rule("framework's rule"),
              "what a checkpoint gathers"),
          key(
              "saving.on_gpu",
              "--saved-on-gpu",
              yesOrNo(),
              rule("framework's rule"),
              "a checkpoint is gathered on the GPU"),
          key(
              "saving.strategy",
              "--save-strategy",
              choice(SaveCode.Moment.values()),
              rule("framework's rule"),
              "when checkpoints are written, save_strategy"),
          key(
              "saving.interval_steps",
              "--save-steps",
              whole(1, 1_000_000_000),
              rule("framework's rule"),
              "steps of the optimizer from one checkpoint to the next, save_steps"),
          key(
              "saving.total_limit",
              "--save-total-limit",
              whole(1, 1_000_000),
              rule("framework's rule"),
              "checkpoints that are left on disk, save_total_limit"),
          key(
              "saving.only_model",
              "--save-only-model",
              yesOrNo(),
              rule("framework's rule"),
              "a checkpoint has no optimizer states, save_only_model"),
          key(
              "saving.resume",
              "--resume",
              yesOrNo(),
              is("false"),
              "the run goes on from a checkpoint"),
          key(
              "saving.consolidate",
              yesOrNo(),
              is("false"),
              "ranks' shards of the last weights are put together at the end"),
          key("saving.merge", yesOrNo(), is("false"), "adapters are merged at the end"),
          key(
              "saving.merge_device",
              choice(MergeDevice.values()),
              rule("framework's rule"),
              "where adapters are merged"),
          key(
              "saving.gguf",
              choice(GgufType.values()),
              rule("none"),
              "the last weights are converted for llama.cpp, merged where there are adapters"),
          key(
              "saving.alone",
              "--save-alone",
              yesOrNo(),
              is("false"),
              "nothing is trained: weights of before are merged, put together or converted"));

  private RunKeys() {}
}
