package dev.vramcast.core.step;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Embeddings;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.CompressedAttention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.shard.BucketedCopies;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.shard.WholeCopies;
import dev.vramcast.core.shard.fsdp.FlatSharded;
import dev.vramcast.core.shard.fsdp.FullySharded;
import dev.vramcast.core.shard.fsdp.GatheredStage;
import dev.vramcast.core.shard.zero.PartitionedModel;
import dev.vramcast.core.shard.zero.PartitionedOptimizer;
import dev.vramcast.core.shard.zero.SlicedOptimizer;
import dev.vramcast.core.shard.zero.ZeroSettings;
import dev.vramcast.core.shard.zero.gather.GatherSizes;
import dev.vramcast.core.shard.zero.gather.ModuleTrace;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses how parameters are divided. */
final class Shardings {

  private Shardings() {}

  /**
   * The division that a job asks for.
   *
   * @param trained the model has an optimizer, which the stages 1 and 2 of ZeRO divide
   * @param architecture whose hidden size some frameworks derive the sizes of DeepSpeed's buckets
   *     from
   * @param calls of the model's modules, where it was written before
   */
  static Sharding of(
      Graph graph, ResolvedJob job, boolean trained, Architecture architecture, ModuleTrace calls) {
    Parallelism degrees = job.parallelism();
    boolean tied = architecture.head().tied();
    long hidden = architecture.hiddenSize();
    return switch (degrees.strategy()) {
      case FSDP2 -> {
        boolean each = job.frameworkCode().is(SpreadCode.REDUCES_EACH);
        boolean early = job.framework().torch().atLeast(2, 15);
        FullySharded.Groups groups = groups(job, trained, architecture);
        FullySharded sharded =
            new FullySharded(graph, degrees, mixed(job), tied, groups, each, early);
        if (!trained) {
          sharded.beReference();
        }
        yield sharded;
      }
      case FSDP1 -> {
        boolean units =
            job.adapter().isPresent() && job.frameworkCode().is(SpreadCode.ADAPTER_UNITS);
        FlatSharded sharded = new FlatSharded(graph, job, mixed(job), units);
        if (!trained) {
          sharded.beReference();
        }
        yield sharded;
      }
      case DDP -> new BucketedCopies(graph, !seeksUnused(job));
      case ZERO1, ZERO2 -> trained ? divided(graph, job, hidden) : new WholeCopies(graph);
      case ZERO3 ->
          new PartitionedModel(
              graph, job, ZeroSettings.of(job, hidden), front(architecture, job), calls);
      case NONE, MEGATRON -> new WholeCopies(graph);
    };
  }

  /** DDP looks for parameters that no pass has used. */
  private static boolean seeksUnused(ResolvedJob job) {
    boolean whole = job.adapter().isEmpty() && job.checkpointing() == Checkpointing.NONE;
    return switch (job.frameworkCode().get(SpreadCode.SEEKS_UNUSED)) {
      case NEVER -> false;
      case WITHOUT_ADAPTERS -> whole;
      case WITH_ADAPTERS -> whole || job.adapter().isPresent();
    };
  }

  private static GatherSizes.Front front(Architecture architecture, ResolvedJob job) {
    Embeddings embeddings = architecture.embeddings();
    boolean bare =
        embeddings.position().isEmpty()
            && embeddings.constants().isEmpty()
            && embeddings.tokenType().isEmpty()
            && embeddings.norm().isEmpty()
            && !embeddings.scaled()
            && embeddings.dropout().isEmpty();
    return new GatherSizes.Front(rotates(architecture), bare && job.inputsRequireGrad());
  }

  private static boolean rotates(Architecture architecture) {
    return architecture.layers().stream()
        .flatMap(run -> run.period().stream())
        .anyMatch(
            layer ->
                layer.mixer() instanceof Attention attention && attention.rotary().dimensions() > 0
                    || layer.mixer() instanceof CompressedAttention
                    || layer.mixer() instanceof LatentAttention latent && latent.ropeSize() > 0);
  }

  /**
   * The division of a stage of a pipeline.
   *
   * @param reduced earlier micro-batches of the step have left shards of gradients
   */
  static Sharding ofStage(Graph graph, ResolvedJob job, boolean reduced) {
    return job.parallelism().strategy() == Strategy.FSDP2
        ? new GatheredStage(
            graph, job.parallelism(), mixed(job), reduced, job.framework().torch().atLeast(2, 15))
        : new WholeCopies(graph);
  }

  private static Sharding divided(Graph graph, ResolvedJob job, long hidden) {
    return job.frameworkCode().get(SpreadCode.ZERO).sliced()
        ? new SlicedOptimizer(graph, job, ZeroSettings.of(job, hidden))
        : new PartitionedOptimizer(graph, job, ZeroSettings.of(job, hidden));
  }

  /**
   * The final norm is looked for among the children of {@code model.<base_model_prefix>}, which of
   * a PEFT model is the whole of what it wraps where the prefix is {@code model}.
   */
  private static FullySharded.Groups groups(
      ResolvedJob job, boolean trained, Architecture architecture) {
    boolean adapters = job.adapter().isPresent();
    List<String> path =
        architecture.finalNorm().map(norm -> List.of(norm.name().split("\\."))).orElse(List.of());
    boolean found = path.size() == 2 && !(adapters && path.get(0).equals("model"));
    boolean whole =
        !trained && job.frameworkCode().stages().does(StageHabit.REFERENCE_IN_ONE_GROUP);
    boolean predicts = architecture.head().predictsWords();
    boolean headRuns = !adapters || !readsWeightAlone(job);
    boolean heedsRoot = job.framework().torch().atLeast(2, 8);
    return new FullySharded.Groups(found, headRuns, predicts, whole, heedsRoot);
  }

  private static boolean readsWeightAlone(ResolvedJob job) {
    Stage stage = job.objective().stage();
    return stage.isSupervised()
        ? job.loss() == LossKernel.CHUNKED
            && job.frameworkCode().get(LossCode.CHUNKS) instanceof LossChunks.Tiles
        : job.frameworkCode().stages().head(stage).equals(Optional.of(StageHead.TILES));
  }

  /** The dtype that FSDP's mixed precision gives to gathered parameters, null for their own. */
  private static @Nullable DataType mixed(ResolvedJob job) {
    return job.parallelism().parameterDtype().orElse(job.autocast() ? job.computeDtype() : null);
  }
}
