package dev.vramcast.core.job.document;

import static dev.vramcast.core.job.document.Fallback.is;
import static dev.vramcast.core.job.document.Fallback.rule;
import static dev.vramcast.core.job.document.KeyDefinition.key;
import static dev.vramcast.core.job.value.ValueKind.choice;
import static dev.vramcast.core.job.value.ValueKind.dataType;
import static dev.vramcast.core.job.value.ValueKind.number;
import static dev.vramcast.core.job.value.ValueKind.whole;
import static dev.vramcast.core.job.value.ValueKind.words;
import static dev.vramcast.core.job.value.ValueKind.yesOrNo;
import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP16;
import static dev.vramcast.core.units.DataType.FP32;

import dev.vramcast.core.job.document.Knob.Panel;
import dev.vramcast.core.job.objective.Pooling;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.value.ListOf;
import dev.vramcast.core.job.value.TextOrObject;
import java.util.List;

/** Keys of what a step optimises. */
final class ObjectiveKeys {

  static final List<KeyDefinition> ALL =
      List.of(
          key("objective.stage", choice(Stage.values()), is("sft"), "what a step optimises")
              .called("Stage")
              .turned(Knob.of(Panel.DETAILS)),
          key(
              "objective.reference",
              choice(ReferenceSource.values()),
              rule("framework's rule"),
              "where reference log-probabilities come from"),
          key(
              "objective.reference_dtype",
              dataType(FP32, BF16, FP16),
              rule("the policy's"),
              "dtype of a reference that is a copy"),
          key(
              "objective.reference_quantization",
              choice(QuantizationScheme.values()),
              rule("the policy's"),
              "storage of a reference that is a copy"),
          key(
              "objective.prompt_length",
              whole(1, 100_000_000),
              rule("framework's rule"),
              "tokens of a prompt; of stage ebft-strided 8 before the first place unless given"),
          key(
              "objective.completion_length",
              whole(1, 100_000_000),
              rule("framework's rule"),
              "tokens of a completion, at most; of stage ebft-strided 8 unless given"),
          key(
              "objective.completion_mean",
              whole(1, 100_000_000),
              rule("half of objective.completion_length"),
              "mean tokens of a completion that is generated"),
          key(
              "objective.chosen_length",
              whole(1, 100_000_000),
              rule("objective.completion_length"),
              "tokens of the chosen answer of a pair"),
          key(
              "objective.rejected_length",
              whole(1, 100_000_000),
              rule("objective.completion_length"),
              "tokens of the rejected answer of a pair"),
          key(
              "objective.loss_type",
              words(1),
              rule("framework's rule"),
              "loss as the trainer calls it, such as sigmoid, ipo, simpo, dapo or dft; a"
                  + " list adds them up"),
          key(
              "objective.loss_weights",
              ListOf.numbers(0, 1e6, 1, 100),
              rule("framework's rule"),
              "weights of several losses"),
          key(
              "objective.beta",
              number(0, 1e6),
              rule("framework's rule"),
              "weight of the reference"),
          key(
              "objective.alpha",
              "--loss-alpha",
              number(0, 1e6),
              rule("framework's rule"),
              "weight of CPO's supervised loss, and of the cross-entropy of stage"
                  + " ebft-strided"),
          key(
              "objective.weighting",
              yesOrNo(),
              rule("framework's rule"),
              "WPO's weights of a DPO loss"),
          key(
              "objective.scored_fraction",
              number(0, 1),
              is("1"),
              "share of positions that have a label"),
          key(
              "objective.label_smoothing",
              number(0, 1),
              is("0"),
              "share of the label that all classes get"),
          key(
              "objective.neftune_alpha",
              number(0, 1e6),
              is("0"),
              "scale of the noise on embeddings"),
          key("objective.labels", whole(1, 1_000_000), is("2"), "classes of stage classification"),
          key(
              "objective.stride",
              whole(1, 1_000_000),
              is("8"),
              "tokens between two places of a text at which stage ebft-strided generates"),
          key(
              "objective.texts",
              whole(2, 1000),
              is("2"),
              "texts of an example of stage embedding: anchor, positive and negatives"),
          key(
              "objective.mini_batch",
              "--embedding-mini-batch",
              whole(1, 1_000_000),
              rule("framework's rule"),
              "texts embedded at a time where gradients of embeddings are cached"),
          key(
              "objective.pooling",
              choice(Pooling.values()),
              rule("framework's rule"),
              "what of the hidden states of a sequence is its embedding"),
          key(
              "objective.matryoshka",
              new ListOf(whole(1, 1_000_000), 1, 100),
              rule("the whole embedding"),
              "widths of embeddings that the loss is computed of (Matryoshka)"),
          key(
              "objective.teacher",
              new TextOrObject("a model's name, or the content of a config.json", true),
              rule("required in stage distillation"),
              "model that is distilled, or the guide of an embedding loss"),
          key(
              "objective.teacher_dtype",
              dataType(FP32, BF16, FP16),
              is("bf16"),
              "dtype of the teacher"),
          key(
              "objective.teacher_quantization",
              choice(QuantizationScheme.values()),
              is("none"),
              "storage of the teacher"),
          key(
              "objective.value_model",
              new TextOrObject("a model's name, or the content of a config.json", true),
              rule("framework's rule"),
              "model that estimates returns"),
          key(
              "objective.reward_models",
              new ListOf(
                  new TextOrObject("names of models, or contents of their config.json", true),
                  0,
                  8),
              is(""),
              "models that score completions"));

  private ObjectiveKeys() {}
}
