package dev.vramcast.core.megatron;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.megatron.layer.Division;
import dev.vramcast.core.shard.Degrees;

/**
 * What Megatron-Core refuses: where the degrees do not divide the model, its layers or its batch.
 */
final class MegatronChecks {

  /** More stages than any cluster has; each is written for itself. */
  private static final int MOST_STAGES = 1024;

  private final Architecture model;
  private final ResolvedJob job;
  private final Parallelism degrees;

  private MegatronChecks(Architecture model, ResolvedJob job) {
    this.model = model;
    this.job = job;
    this.degrees = job.parallelism();
  }

  static void check(Architecture model, ResolvedJob job) {
    MegatronChecks checks = new MegatronChecks(model, job);
    checks.checkPipeline();
    checks.checkFeatures();
    checks.checkTokens();
    checks.checkExpertRanks();
    model.layers().forEach(run -> run.period().forEach(checks::checkLayer));
  }

  /** transformer_block.py, get_num_layers_to_build; schedules.py, interleaved microbatch groups. */
  private void checkPipeline() {
    int stages = degrees.pipeline();
    if (stages == 1) {
      return;
    }
    if (stages > MOST_STAGES) {
      throw InputError.about(JobKey.PIPELINE)
          .isSet(stages)
          .allowed("up to ", MOST_STAGES, " stages")
          .refusal();
    }
    int chunks = degrees.virtualPipeline();
    for (int layers : StageSizes.of(model.layerCount(), degrees)) {
      Degrees.share(layers, chunks, JobKey.VIRTUAL_PIPELINE, "layers of a pipeline stage");
    }
    int microBatches = job.batch().gradAccum();
    if (chunks > 1 && microBatches % stages != 0) {
      throw InputError.about(JobKey.GRAD_ACCUM)
          .isSet(microBatches)
          .but(
              "interleaved pipeline stages take micro-batches in groups of ",
              JobKey.PIPELINE,
              " ",
              stages)
          .allowed("multiples of ", stages)
          .refusal();
    }
  }

  /** mcore_bridge/model/mm_gpts/qwen3_vl.py Qwen3VLTransformerBlock.forward asserts it. */
  private void checkFeatures() {
    int features =
        model
            .encoder()
            .filter(e -> job.batch().hasImages())
            .map(e -> e.branches().size())
            .orElse(0);
    int first = StageSizes.of(model.layerCount(), degrees).get(0) / degrees.virtualPipeline();
    if (features > first) {
      throw InputError.about(JobKey.PIPELINE)
          .isSet(degrees.pipeline())
          .but("features of images are added behind the first ", features, " layers")
          .allowed("stages that begin with at least ", features, " layers, not ", first)
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }

  private void checkTokens() {
    long sequence = job.batch().sequenceLength() / degrees.context();
    if (degrees.sequenceParallel() && sequence % degrees.tensor() != 0) {
      throw InputError.about(JobKey.TENSOR)
          .isSet(degrees.tensor())
          .and(
              " with ",
              JobKey.SEQUENCE_PARALLEL,
              ", but a rank has ",
              sequence,
              " tokens of a sequence")
          .allowed("lengths divisible by ", (long) degrees.tensor() * degrees.context())
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }

  /** parallel_state.py: experts are laid over the GPUs of a pipeline stage. */
  private void checkExpertRanks() {
    Degrees.share(
        degrees.gpus() / degrees.pipeline(),
        degrees.expert(),
        JobKey.EXPERT,
        "GPUs of a pipeline stage");
    if (degrees.expertTensor().isPresent()) {
      Degrees.share(
          degrees.gpus() / degrees.pipeline() / degrees.expert(),
          degrees.expertTensor().getAsInt(),
          JobKey.EXPERT_TENSOR,
          "GPUs that hold the same experts");
    }
  }

  private void checkLayer(DecoderLayer layer) {
    if (layer.mixer() instanceof Attention attention) {
      Degrees.share(attention.heads(), degrees.tensor(), JobKey.TENSOR, "attention heads");
      checkKeys(attention.kvHeads(), degrees.tensor());
    } else if (layer.mixer() instanceof LatentAttention latent) {
      Degrees.share(latent.heads(), degrees.tensor(), JobKey.TENSOR, "attention heads");
    } else if (layer.mixer() instanceof RecurrentMixer recurrent) {
      int both = Math.multiplyExact(degrees.tensor(), degrees.context());
      long keyHeads = recurrent.groups();
      Degrees.share(keyHeads, both, JobKey.TENSOR, "key heads of recurrent layers");
    }
    checkMlp(layer.mlp());
  }

  /** transformer_config.py __post_init__: a multiple or a divisor of {@code num_query_groups}. */
  private static void checkKeys(int heads, int tensor) {
    if (heads % tensor != 0 && tensor % heads != 0) {
      throw InputError.about(JobKey.TENSOR)
          .isSet(tensor)
          .but("the model has ", heads, " key and value heads")
          .allowed("divisors and multiples of ", heads)
          .refusal();
    }
  }

  private void checkMlp(Mlp mlp) {
    if (mlp instanceof GatedMlp gated) {
      checkFeatures(gated.intermediateSize(), degrees.tensor());
    } else if (mlp instanceof PlainMlp plain) {
      checkFeatures(plain.down().in(), degrees.tensor());
    } else if (mlp instanceof MixtureOfExperts mixture) {
      checkMixture(mixture);
    }
  }

  private static void checkFeatures(long features, int tensor) {
    Degrees.share(features, tensor, JobKey.TENSOR, "intermediate features");
  }

  private void checkMixture(MixtureOfExperts mixture) {
    Degrees.share(mixture.experts(), degrees.expert(), JobKey.EXPERT, "experts");
    checkFeatures(mixture.intermediateSize(), Division.of(degrees).experts().tensor());
    mixture.shared().ifPresent(this::checkMlp);
    if (degrees.tensor() > 1 && !degrees.sequenceParallel()) {
      throw InputError.about(JobKey.TENSOR)
          .kind(ErrorKind.CONTRADICTION)
          .isSet(degrees.tensor())
          .and(
              ", with which Megatron trains experts under sequence parallelism alone"
                  + " (moe_layer.py)")
          .allowed(JobKey.SEQUENCE_PARALLEL, " true, or ", JobKey.TENSOR, " 1")
          .refusal();
    }
  }
}
