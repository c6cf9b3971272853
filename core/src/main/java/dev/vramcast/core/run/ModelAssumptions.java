package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.traits.RecurrentPath;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.Images;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.option.layer.CheckpointPlacement;
import java.util.ArrayList;
import java.util.List;

/** What an estimate takes for granted of a model and its weights. */
final class ModelAssumptions {

  private final Architecture architecture;
  private final ResolvedJob job;
  private final List<Remark> remarks = new ArrayList<>();

  private ModelAssumptions(Architecture architecture, ResolvedJob job) {
    this.architecture = architecture;
    this.job = job;
  }

  static List<Remark> of(Architecture architecture, ResolvedJob job) {
    ModelAssumptions assumptions = new ModelAssumptions(architecture, job);
    assumptions.aboutModel();
    assumptions.aboutCheckpoints();
    assumptions.aboutBase();
    return List.copyOf(assumptions.remarks);
  }

  private void add(JobKey about, String sentence) {
    remarks.add(Remark.about(about, sentence));
  }

  private void add(boolean holds, JobKey about, String sentence) {
    if (holds) {
      add(about, sentence);
    }
  }

  private void aboutModel() {
    TextOnly.of(architecture, job)
        .ifPresent(
            kind ->
                add(
                    kind == TextOnly.WITHOUT_SOUND ? JobKey.AUDIO_SECONDS : JobKey.IMAGES,
                    "The step is text only: other towers are in memory but do not run."));
    aboutImages();
    aboutSound();
    add(
        architecture.traits().stack().caching().shared() && recomputes(),
        JobKey.CHECKPOINTING,
        "Keys and values that layers share are taken to be freed with their layer; under"
            + " checkpointing they live longer, so this is low by 2 to 14 %.");
    add(
        architecture.traits().stack().layers().recurrent() == RecurrentPath.KERNELS,
        JobKey.MIXER,
        "Mamba layers run their fused kernels, whose memory was not checked against a run.");
    Unquantised.of(architecture, job)
        .ifPresent(part -> add(true, JobKey.QUANTIZATION_SCHEME, part.sentence()));
    if (architecture.mixtures().isEmpty() || job.parallelism().strategy() == Strategy.MEGATRON) {
      return;
    }
    boolean fused = Unquantised.stacksExperts(architecture, job);
    add(!fused, JobKey.MODEL_ID, "Tokens are spread evenly over the experts.");
    boolean grouped = job.frameworkCode().is(LayerCode.GROUPS_EXPERTS);
    add(
        grouped && job.parallelism().expert() > 1,
        JobKey.EXPERT_IMBALANCE,
        MegatronAssumptions.experts(job.parallelism()));
    add(
        fused && job.quantization().experts(),
        JobKey.QUANTIZED_EXPERTS,
        "Experts are one parameter for all of them, which is quantised, and whole for each pass.");
  }

  private void aboutImages() {
    architecture
        .encoder()
        .flatMap(encoder -> encoder.grid().of(images().count(), images().size()))
        .ifPresent(
            parts ->
                add(
                    job.batch().hasImages(),
                    JobKey.IMAGES,
                    "An image is "
                        + patches(parts)
                        + " of the vision tower and "
                        + tokens(parts)
                        + " of the sequence"
                        + (parts.marks() == 0
                            ? "."
                            : ", with " + parts.marks() + " more around and among them.")));
  }

  private void aboutSound() {
    architecture
        .listener()
        .flatMap(encoder -> encoder.grid().of(1, job.batch().sound().size()))
        .ifPresent(
            parts ->
                add(
                    job.batch().hasSound(),
                    JobKey.AUDIO_SECONDS,
                    "The sound of a sequence is "
                        + states(parts)
                        + " of the encoder and "
                        + tokens(parts)
                        + " of the sequence, with "
                        + parts.marks()
                        + " more around them."));
    if (architecture.readsText()) {
      int target = job.batch().targetLength();
      add(
          JobKey.COMPLETION_LENGTH,
          "The encoder reads "
              + job.batch().sequenceLength()
              + " tokens of each example, after which the decoder writes "
              + target
              + "; tokens are counted as the decoder's.");
      return;
    }
    architecture
        .encoder()
        .flatMap(Encoder::crossing)
        .filter(Encoder.Crossing::always)
        .ifPresent(
            crossing ->
                add(
                    JobKey.MODEL_ID,
                    "Each sequence is the text of a segment of sound, of which shorter ones are"
                        + " filled up: "
                        + crossing.states()
                        + " states of the encoder."));
  }

  private static String tokens(ImageGrid.Parts parts) {
    return parts.tokens() == 1 ? "1 token" : parts.tokens() + " tokens";
  }

  private static String states(ImageGrid.Parts parts) {
    return parts.tiles() == 1
        ? parts.patches() + " states"
        : parts.tiles() + " segments of " + parts.patches() + " states";
  }

  private static String patches(ImageGrid.Parts parts) {
    return parts.tiles() == 1
        ? parts.patches() + " patches"
        : parts.tiles() + " tiles of " + parts.patches() + " patches";
  }

  private Images images() {
    return job.batch().images();
  }

  private boolean recomputes() {
    return job.checkpointing() == Checkpointing.FULL && job.adapter().isPresent();
  }

  private void aboutCheckpoints() {
    CheckpointPlacement placed = job.checkpointPlacement();
    if (!placed.isAll()) {
      add(JobKey.CHECKPOINTING, placed.sentence());
    }
    add(
        job.checkpointsOnHost() && job.frameworkCode().is(LayerCode.OFFLOADS_LATE),
        JobKey.CHECKPOINTING,
        "The first micro-batch keeps the inputs of all layers on the GPU, which is reserved from"
            + " then on.");
  }

  private void aboutBase() {
    switch (job.quantization().scheme()) {
      case NONE, NF4, FP4, INT8 -> {}
      case GPTQ_INT4, GPTQ_INT8, AWQ_INT4 ->
          add(
              JobKey.QUANTIZATION_SCHEME,
              "Quantised weights have groups of 128 and are made 16-bit for each product.");
      case AQLM_2BIT ->
          add(
              JobKey.QUANTIZATION_SCHEME,
              "AQLM's weights are codes of 16 bits for 8 weights (1x16), each linear with a"
                  + " codebook of its own, and are made 16-bit for each product.");
      case FP8 ->
          add(
              JobKey.QUANTIZATION_SCHEME,
              "fp8 weights have a scale for each 128 x 128 block and are made 16-bit for each "
                  + "product.");
      case MXFP4 ->
          add(
              JobKey.QUANTIZATION_SCHEME,
              "mxfp4 weights stay packed and are made 16-bit for each product.");
      case NVFP4 ->
          add(
              JobKey.QUANTIZATION_SCHEME,
              "Routed experts alone are packed in NVFP4; all other linears are 16-bit, with PEFT's"
                  + " adapters, whichever of them the checkpoint packs.");
    }
  }
}
