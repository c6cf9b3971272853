package dev.vramcast.core.step;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.run.RunPlan;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.shard.ModelSlice;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.StepTraces;
import dev.vramcast.core.trace.TraceReading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Training steps of small models for tests. */
final class Steps {

  private static final String USUAL =
      "--framework peft --torch 2.13.0 --optimizer-implementation fused"
          + " --micro-batch 2 --sequence-length 256 --padding packed ";

  private Steps() {}

  /** A model of four layers and hidden size 1024, with other or more keys. */
  static Architecture model(String type, Map<String, Object> keys) {
    Map<String, Object> values = new HashMap<>();
    values.put("model_type", type);
    values.put("vocab_size", 8192);
    values.put("hidden_size", 1024);
    values.put("intermediate_size", 2816);
    values.put("num_hidden_layers", 4);
    values.put("num_attention_heads", 16);
    values.put("num_key_value_heads", 4);
    values.put("max_position_embeddings", 4096);
    values.put("tie_word_embeddings", false);
    values.putAll(keys);
    return Families.read(new ModelConfig("config.json", values));
  }

  /** As {@link #model}, of one of the ranks that flags divide it among. */
  static Architecture slice(String type, Map<String, Object> keys, String flags) {
    return slice(model(type, keys), job(flags));
  }

  private static Architecture slice(Architecture whole, ResolvedJob job) {
    return ModelSlice.of(
        whole, job.parallelism(), job.frameworkCode().is(LayerCode.WHOLE_EMBEDDING));
  }

  /** What the allocation trace of a step says, two sequences of 256 tokens. */
  static TraceReading read(Architecture architecture, String flags) {
    return read(architecture, flags, false);
  }

  /**
   * As {@link #read(Architecture, String)}, on a GPU for which cuDNN's attention is the fastest.
   */
  static TraceReading read(Architecture architecture, String flags, boolean prefersCudnn) {
    return TraceReading.of(write(architecture, job(flags), prefersCudnn).device());
  }

  /** As {@link #read}, of the machine's memory. */
  static TraceReading readHost(Architecture architecture, String flags) {
    return TraceReading.of(write(architecture, job(flags), false).host());
  }

  /** As {@link #read(Architecture, String)}, the trace itself. */
  static AllocationTrace trace(Architecture architecture, String flags) {
    return write(architecture, job(flags), false).device();
  }

  static StepTraces write(Architecture architecture, ResolvedJob job, boolean cudnn) {
    ResolvedJob running = architecture.readsText() ? job.hearing(architecture) : job;
    return EpisodeWriter.write(
        architecture,
        running,
        RunPlan.of(running).episodes(),
        EpisodeWriter.OnCard.ofAnySize(0, cudnn),
        EpisodeWriter.Asked.ALL);
  }

  /** The trace of a run whose step runs these passes, with every model that they run loaded. */
  static AllocationTrace trace(Architecture architecture, String flags, List<Pass> passes) {
    List<ResidentModel> models = passes.stream().map(Pass::model).distinct().sorted().toList();
    List<Episode> episodes = List.of(new Episode.Load(models), new Episode.Step(passes));
    ResolvedJob job = job(flags);
    Architecture slice = slice(architecture, job);
    return EpisodeWriter.write(
            slice, job, episodes, EpisodeWriter.OnCard.ofAnySize(0, false), EpisodeWriter.Asked.ALL)
        .device();
  }

  static TraceReading reading(Architecture architecture, String flags, List<Pass> passes) {
    return TraceReading.of(trace(architecture, flags, passes));
  }

  static ResolvedJob job(String flags) {
    return JobResolver.resolve(Jobs.of(USUAL + flags)).job();
  }
}
