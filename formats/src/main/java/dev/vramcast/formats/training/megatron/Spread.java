package dev.vramcast.formats.training.megatron;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the model is spread, and how many GPUs that takes (megatron/core/parallel_state.py). */
final class Spread {

  private static final Map<String, JobKey> DEGREES =
      Map.of(
          "tensor_model_parallel_size", JobKey.TENSOR,
          "pipeline_model_parallel_size", JobKey.PIPELINE,
          "context_parallel_size", JobKey.CONTEXT,
          "expert_model_parallel_size", JobKey.EXPERT);

  private final JobBuilder job;

  Spread(JobBuilder job) {
    this.job = job;
  }

  void read() {
    DEGREES.forEach((path, key) -> job.reads(List.of(key), () -> job.takeWay(path, key)));
    job.take("expert_tensor_parallel_size", JobKey.EXPERT_TENSOR);
    job.reads(List.of(JobKey.SEQUENCE_PARALLEL), this::sequence);
    job.reads(List.of(JobKey.LAYERS_PER_STAGE), this::stages);
    job.reads(List.of(JobKey.VIRTUAL_PIPELINE), this::chunks);
    if (!job.has(JobKey.GPU_COUNT)) {
      job.reads(List.of(JobKey.GPU_COUNT), this::experts);
      job.assume(
          JobKey.GPU_COUNT,
          "how many GPUs there are is not said, so as many as the degrees of parallelism need are"
              + " assumed; ",
          JobKey.GPU_COUNT,
          " says how many");
    }
    optimizer();
  }

  /** Experts are spread over all GPUs of a pipeline stage, as they are divided themselves. */
  private void experts() {
    long dense = job.product(List.of(JobKey.TENSOR, JobKey.CONTEXT));
    int inside = job.whole(JobKey.EXPERT_TENSOR).or(() -> job.whole(JobKey.TENSOR)).orElse(1);
    long sparse = (long) job.whole(JobKey.EXPERT).orElse(1) * inside;
    long count = Math.max(dense, sparse) * job.whole(JobKey.PIPELINE).orElse(1);
    if (sparse > dense && count <= 1_000_000) {
      job.put(JobKey.GPU_COUNT, (int) count, JobKey.EXPERT);
    }
  }

  /** arguments.py switches it off where tensors are not divided. */
  private void sequence() {
    job.get("sequence_parallel")
        .filter(setting -> setting.bool() && job.divides(JobKey.TENSOR))
        .ifPresent(setting -> job.put(JobKey.SEQUENCE_PARALLEL, true, setting));
  }

  /** transformer_block.py get_num_layers_to_build: the ends as stated, the others alike. */
  private void stages() {
    Optional<Setting> first = job.get("decoder_first_pipeline_num_layers");
    Optional<Setting> last = job.get("decoder_last_pipeline_num_layers");
    List<String> others =
        List.of(
            "pipeline_model_parallel_layout",
            "account_for_embedding_in_pipeline_split",
            "account_for_loss_in_pipeline_split");
    others.stream()
        .filter(key -> job.get(key).filter(setting -> !setting.isIdle()).isPresent())
        .findFirst()
        .ifPresent(key -> job.notModelled(JobKey.LAYERS_PER_STAGE, Gap.of(key)));
    int count = job.whole(JobKey.PIPELINE).orElse(1);
    if (count > 1 && (first.isPresent() || last.isPresent())) {
      Setting at = first.or(() -> last).orElseThrow();
      job.put(JobKey.LAYERS_PER_STAGE, sizes(count, first, last), at);
    }
  }

  private List<Integer> sizes(int count, Optional<Setting> first, Optional<Setting> last) {
    int all = job.get("num_layers").map(Setting::whole).orElse(0);
    int ends = first.map(Setting::whole).orElse(0) + last.map(Setting::whole).orElse(0);
    int between = count - (first.isPresent() ? 1 : 0) - (last.isPresent() ? 1 : 0);
    Setting at = first.or(() -> last).orElseThrow();
    int each = between > 0 ? (all - ends) / between : 0;
    if (each * between + ends != all || between > 0 && each < 1) {
      throw at.unusable("numbers with which the other stages have the same number of layers");
    }
    List<Integer> sizes = new ArrayList<>();
    first.ifPresent(setting -> sizes.add(setting.whole()));
    sizes.addAll(Collections.nCopies(between, each));
    last.ifPresent(setting -> sizes.add(setting.whole()));
    return sizes;
  }

  private void chunks() {
    Optional<Setting> stages = job.get("num_virtual_stages_per_pipeline_rank");
    Optional<Setting> layers = job.get("num_layers_per_virtual_pipeline_stage");
    int count = job.whole(JobKey.PIPELINE).orElse(1);
    if (stages.filter(setting -> setting.whole() > 1).isPresent()) {
      job.put(JobKey.VIRTUAL_PIPELINE, stages.get().whole(), stages.get());
    } else if (layers.isPresent() && count > 1) {
      int all = job.get("num_layers").map(Setting::whole).orElse(0);
      int each = layers.get().whole();
      if (each < 1 || all % (count * each) != 0) {
        throw layers.get().unusable("a divisor of the " + all / count + " layers of a stage");
      }
      if (all / count > each) {
        job.put(JobKey.VIRTUAL_PIPELINE, all / count / each, layers.get());
      }
    }
  }

  /** Without it every rank has all states; with FSDP it has shards of the parameters too. */
  private void optimizer() {
    List.of("use_megatron_fsdp", "use_custom_fsdp", "use_torch_fsdp2").stream()
        .filter(job::isOn)
        .findFirst()
        .ifPresent(key -> job.notModelled(JobKey.STRATEGY, Gap.of("Megatron-LM's ", key)));
    long apart = job.product(List.of(JobKey.TENSOR, JobKey.PIPELINE, JobKey.CONTEXT));
    int count = job.whole(JobKey.GPU_COUNT).orElse(1);
    boolean divides = job.isOn("use_distributed_optimizer");
    if (!divides && job.divides(JobKey.CONTEXT)) {
      job.notModelled(
          JobKey.STRATEGY,
          Gap.of("Megatron-LM's context_parallel_size without use_distributed_optimizer")
              .modelled("use_distributed_optimizer"));
    }
    long data = count / apart;
    Optional<Setting> instances = job.get("num_distributed_optimizer_instances");
    long copies = divides ? instances.map(Setting::whole).orElse(1) : data;
    if (copies <= 1 || count % apart != 0) {
      return;
    }
    if (data % copies != 0) {
      throw instances.orElseThrow().unusable("a divisor of the " + data + " ranks of data");
    }
    job.reads(
        List.of(JobKey.REPLICATE),
        () -> {
          job.put(JobKey.SHARD, (int) (data / copies));
          job.put(JobKey.REPLICATE, (int) copies);
        });
  }
}
