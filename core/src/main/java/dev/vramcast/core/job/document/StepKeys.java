package dev.vramcast.core.job.document;

import static dev.vramcast.core.job.document.Fallback.is;
import static dev.vramcast.core.job.document.Fallback.rule;
import static dev.vramcast.core.job.document.KeyDefinition.key;
import static dev.vramcast.core.job.value.ValueKind.choice;
import static dev.vramcast.core.job.value.ValueKind.choices;
import static dev.vramcast.core.job.value.ValueKind.dataType;
import static dev.vramcast.core.job.value.ValueKind.number;
import static dev.vramcast.core.job.value.ValueKind.whole;
import static dev.vramcast.core.job.value.ValueKind.word;
import static dev.vramcast.core.job.value.ValueKind.yesOrNo;
import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP16;
import static dev.vramcast.core.units.DataType.FP32;

import dev.vramcast.core.job.document.Knob.Panel;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.value.ListOf;
import java.util.List;

/** Keys of one training step. */
final class StepKeys {

  static final List<KeyDefinition> ALL =
      List.of(
          key(
                  "precision",
                  choice(Precision.values()).and(AsPublished.PRECISION),
                  is("bf16-mixed"),
                  "dtype of compute; -mixed is autocast, without it parameters have that dtype too;"
                      + " pure is the dtype of the loaded weights")
              .called("Precision")
              .turned(Knob.of(Panel.DETAILS)),
          key(
              "master_weights",
              yesOrNo(),
              rule("strategy's rule"),
              "the optimizer keeps an fp32 copy of the parameters"),
          key(
                  "optimizer.name",
                  "--optimizer",
                  choice(OptimizerName.values()),
                  is("adamw"),
                  "the update rule")
              .called("Optimizer")
              .turned(Knob.of(Panel.DETAILS)),
          key(
              "optimizer.implementation",
              "--optimizer-implementation",
              choice(OptimizerImplementation.values()),
              rule("framework's rule"),
              "whose code runs the update"),
          key(
              "optimizer.state_dtype",
              dataType(FP32, BF16, FP16),
              rule("parameter's dtype"),
              "dtype of the moments"),
          key(
              "optimizer.in_backward",
              yesOrNo(),
              is("false"),
              "the step is fused into the backward pass"),
          key(
                  "batch.micro_batch",
                  whole(1, 1_000_000),
                  is("1"),
                  "sequences per GPU and forward pass")
              .called("Micro-batch")
              .turned(Knob.doubled(Panel.TRAINING, "sequences", 1, 64)),
          key("batch.grad_accum", whole(1, 1_000_000), is("1"), "micro-batches per optimizer step")
              .called("Gradient accumulation")
              .turned(Knob.doubled(Panel.TRAINING, "micro-batches", 1, 128)),
          key(
                  "batch.sequence_length",
                  whole(1, 100_000_000),
                  rule("required"),
                  "tokens per sequence really processed at the peak")
              .called("Sequence length")
              .turned(Knob.doubled(Panel.TRAINING, "tokens", 256, 131_072)),
          key(
              "batch.padding",
              choice(Padding.values()),
              is("packed"),
              "how sequences fill a batch; padded means that attention takes a mask"),
          key("batch.segments", whole(1, 1_000_000), is("1"), "sequences packed into one row"),
          key(
              "batch.images",
              whole(0, 1_000_000),
              is("0"),
              "images per sequence, which its tokens include"),
          key(
              "batch.image_size",
              ListOf.wholes(1, 1_000_000, 2, 2),
              rule("the processor's"),
              "width and height of an image in pixels"),
          key(
              "batch.audio_seconds",
              number(0, 1e6),
              is("0"),
              "seconds of sound per sequence, whose tokens it includes"),
          key(
                  "checkpointing",
                  choice(Checkpointing.values()),
                  is("none"),
                  "activation checkpointing per decoder layer")
              .called("Activation checkpointing")
              .turned(Knob.of(Panel.TRAINING)),
          key(
              "checkpointing_reentrant",
              yesOrNo(),
              rule("framework's rule"),
              "PyTorch's use_reentrant"),
          key(
              "checkpointing_every",
              whole(1, 1_000_000),
              is("1"),
              "one of so many layers is checkpointed, the others are not"),
          key(
              "checkpointing_layers",
              whole(1, 1_000_000),
              rule("all"),
              "first layers of each (virtual) pipeline stage, which alone are checkpointed"
                  + " (Megatron's block)"),
          key(
              "checkpointing_group",
              whole(1, 1_000_000),
              is("1"),
              "layers that one checkpoint holds (Megatron's uniform)"),
          key(
              "tiled_mlp",
              yesOrNo(),
              is("false"),
              "MLPs run on one piece of the tokens after the other, and again in the"
                  + " backward pass"),
          key(
              "mlp_tiles",
              whole(1, 1_000_000),
              rule("framework's rule"),
              "pieces of each sequence that a tiled MLP runs on"),
          key("attention", choice(AttentionKernel.values()), is("sdpa"), "attention implementation")
              .called("Attention")
              .turned(Knob.of(Panel.DETAILS)),
          key(
                  "loss",
                  choice(LossKernel.values()),
                  is("full"),
                  "how logits and cross-entropy are computed")
              .called("Loss")
              .turned(Knob.of(Panel.DETAILS)),
          key(
              "liger_kernels",
              choices(LigerKernel.values()),
              is(""),
              "fused kernels beside the loss"),
          key(
              "compile",
              yesOrNo(),
              is("false"),
              "torch.compile; on Megatron of its cross-entropy, cross_entropy_loss_fusion"),
          key(
              "quantized_training.scheme",
              "--quantized-training",
              word("none", "fp8", "mxfp8", "nvfp4", "qat-int4", "qat-int8"),
              is("none"),
              "low-precision compute of trained weights"),
          key(
              "quantized_training.implementation",
              "--quantized-training-implementation",
              word("transformer-engine", "torchao", "ms-amp"),
              rule("framework's rule"),
              "whose code computes in low precision"),
          key(
              "quantized_training.recipe",
              "--quantized-training-recipe",
              word("delayed", "tensorwise", "blockwise"),
              rule("delayed"),
              "how TransformerEngine scales fp8: tensors by earlier or own values, or blocks"));

  private StepKeys() {}
}
