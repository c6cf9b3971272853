package dev.vramcast.core.step.pipeline;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.layer.PipelineSchedule;
import java.util.ArrayList;
import java.util.List;

/**
 * The stages of a pipeline, which go around its ranks: the first stage of every rank, then the
 * second of every rank. How many layers each has is what nemo_automodel/components/distributed/
 * pipelining/functional.py (calculate_virtual_stages, generate_hf_model_fqn_per_model_part) and
 * torchtitan/distributed/pipeline_parallel.py (generate_llm_fqn_per_model_part) say: layers are
 * shared evenly, the first stages have one more, and of a framework whose embedding and head count
 * as layers the first and the last have so many less.
 *
 * @param layers of every stage, first to last
 * @param perRank stages of a rank
 */
public record VirtualStages(List<Integer> layers, int perRank) {

  public VirtualStages {
    layers = List.copyOf(layers);
  }

  /**
   * The stages of a job.
   *
   * @param count layers of the model
   * @throws dev.vramcast.core.input.InputException where the ranks do not divide the stages, or a
   *     stage has no layer
   */
  public static VirtualStages of(int count, ResolvedJob job) {
    Parallelism degrees = job.parallelism();
    int ends = job.frameworkCode().get(SpreadCode.END_LAYERS);
    int ranks = degrees.pipeline();
    List<Integer> stated = degrees.layersPerStage();
    VirtualStages stages =
        stated.size() > 1
            ? new VirtualStages(exactly(stated, count, ranks), stated.size() / ranks)
            : even(count, ends, degrees);
    checkSchedule(stages.perRank(), degrees);
    return stages;
  }

  private static VirtualStages even(int count, int ends, Parallelism degrees) {
    int ranks = degrees.pipeline();
    List<Integer> stated = degrees.layersPerStage();
    long stages =
        stated.isEmpty()
            ? (long) ranks * chunks(degrees)
            : rounded(wholes(count + 2 * ends, stated), degrees);
    if (stages > count + 2 * ends) {
      throw refused(stages, count, degrees);
    }
    return new VirtualStages(shared(count, (int) stages, ends, degrees), (int) stages / ranks);
  }

  private static int wholes(int all, List<Integer> stated) {
    int each = stated.get(0);
    if (each < 1) {
      throw InputError.about(JobKey.LAYERS_PER_STAGE).isSet(stated).allowed("at least 1").refusal();
    }
    return (all + each - 1) / each;
  }

  /** Two stages a rank are what both frameworks take where nobody says how many. */
  private static int chunks(Parallelism degrees) {
    boolean looped = degrees.pipelining().schedule().map(PipelineSchedule::isLooped).orElse(false);
    return degrees.virtualPipeline() > 1 || !looped ? degrees.virtualPipeline() : 2;
  }

  private static List<Integer> exactly(List<Integer> stated, int count, int ranks) {
    int sum = stated.stream().mapToInt(Integer::intValue).sum();
    if (sum != count || stated.size() % ranks != 0) {
      throw InputError.about(JobKey.LAYERS_PER_STAGE)
          .kind(ErrorKind.CONTRADICTION)
          .isSet(stated)
          .allowed("one number, or a multiple of ", ranks, " whose sum is ", count)
          .refusal();
    }
    return stated;
  }

  private static int rounded(int stages, Parallelism degrees) {
    int ranks = degrees.pipeline();
    int over = stages % ranks;
    if (over == 0) {
      return stages;
    }
    int rounded =
        switch (degrees.pipelining().rounding()) {
          case UP -> stages + ranks - over;
          case DOWN -> stages - over;
          case NONE -> 0;
        };
    if (rounded == 0) {
      throw InputError.about(JobKey.LAYERS_PER_STAGE)
          .kind(ErrorKind.CONTRADICTION)
          .isSet(degrees.layersPerStage())
          .and(", which makes ", stages, " stages")
          .allowed("stages that are a multiple of ", JobKey.PIPELINE, " ", ranks)
          .refusal();
    }
    return rounded;
  }

  private static void checkSchedule(int perRank, Parallelism degrees) {
    degrees
        .pipelining()
        .schedule()
        .filter(schedule -> schedule.isLooped() == (perRank == 1))
        .ifPresent(
            schedule -> {
              throw InputError.about(JobKey.PIPELINE_SCHEDULE)
                  .kind(ErrorKind.CONTRADICTION)
                  .isSet(schedule)
                  .and(" with ", perRank, " stages a rank")
                  .allowed(perRank == 1 ? "1f1b, gpipe" : "interleaved-1f1b, looped-bfs")
                  .refusal();
            });
  }

  private static List<Integer> shared(int count, int stages, int ends, Parallelism degrees) {
    int all = count + 2 * ends;
    List<Integer> layers = new ArrayList<>();
    for (int stage = 0; stage < stages; stage++) {
      int own = all / stages + (stage < all % stages ? 1 : 0);
      int less = (stage == 0 ? ends : 0) + (stage == stages - 1 ? ends : 0);
      layers.add(own - less);
    }
    if (stages > count && ends == 0 || layers.stream().anyMatch(own -> own < 0)) {
      throw refused(stages, count, degrees);
    }
    return layers;
  }

  private static RuntimeException refused(long stages, int count, Parallelism degrees) {
    InputError error =
        !degrees.layersPerStage().isEmpty()
            ? InputError.about(JobKey.LAYERS_PER_STAGE).isSet(degrees.layersPerStage())
            : degrees.virtualPipeline() > 1
                ? InputError.about(JobKey.VIRTUAL_PIPELINE).isSet(degrees.virtualPipeline())
                : InputError.about(JobKey.PIPELINE).isSet(degrees.pipeline());
    return error
        .and(", which makes ", stages, " stages")
        .allowed("stages that all have some of the ", count, " layers")
        .kind(ErrorKind.CONTRADICTION)
        .refusal();
  }

  /** Stages in all. */
  public int count() {
    return layers.size();
  }

  /** The stages of a rank, in the order of the pipeline. */
  public List<Integer> of(int rank) {
    int ranks = count() / perRank;
    List<Integer> own = new ArrayList<>();
    for (int chunk = 0; chunk < perRank; chunk++) {
      own.add(chunk * ranks + rank);
    }
    return own;
  }

  /** Layers before a stage. */
  public int before(int stage) {
    return layers.stream().limit(stage).mapToInt(Integer::intValue).sum();
  }
}
