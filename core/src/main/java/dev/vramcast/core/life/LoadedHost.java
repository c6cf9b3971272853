package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.SpreadCode.LoadPlace;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * Memory of a machine while its ranks load the model: nothing but the page cache where weights stay
 * in the dtype of their file, since safetensors maps it; a copy of all where they are converted on
 * the host (transformers/core_model_loading.py _materialize_copy), and where ranks wait for the
 * first one's weights with zeros in their places.
 *
 * @param published dtype of the weights' files
 * @param loaded dtype in which they are loaded, before anything casts them
 * @param ranks of the machine
 */
record LoadedHost(
    Architecture architecture,
    ResolvedJob job,
    List<Trainable> trained,
    DataType published,
    DataType loaded,
    int ranks) {

  /** Of the machine that needs most. */
  long bytes() {
    if (!job.quantization().isNone()) {
      return quantised();
    }
    long waiting = zeroed();
    long copies = Math.min(ranks, (loaded == published ? 0 : loaders()) + waiting);
    long model = Capped.times(Tensors.count(architecture), loaded.bytes());
    long made = Capped.times(copies, model);
    long narrow = widenedElements();
    if (narrow == 0) {
      return made;
    }
    // One after the other, and what it was before goes where it is no file's.
    long left = Capped.times(copies, model - narrow * loaded.bytes());
    long wide = Capped.times(narrow, DataType.FP32.bytes());
    return Math.max(
        made, Capped.plus(left, Capped.times(Math.min(ranks, loaders() + waiting), wide)));
  }

  /**
   * What accelerate makes fp32 before FSDP2 shards the model, which is on the host
   * (accelerate/utils/fsdp_utils.py fsdp2_prepare_model): all that is trained and narrower.
   */
  private long widenedElements() {
    FrameworkCode code = job.frameworkCode();
    boolean widens =
        strategy() == Strategy.FSDP2
            && job.autocast()
            && code.is(SpreadCode.WIDENS_SHARDS)
            && code.is(SpreadCode.WIDENS_FSDP2);
    boolean whole = job.adapter().isEmpty();
    return trained.stream()
        .filter(each -> widens && (whole ? loaded : each.dtype()) != DataType.FP32)
        .mapToLong(each -> each.elements() * each.copies())
        .sum();
  }

  /**
   * Weights that are quantised as they are loaded go to the GPU tensor by tensor (transformers/
   * quantizers/quantizer_bnb_4bit.py update_device_map). Until Transformers 5.0 what came of them
   * went back to the host of every rank under ZeRO-3, and of the first one under FSDP
   * (transformers/modeling_utils.py _load_state_dict_into_meta_model).
   */
  private long quantised() {
    boolean returns =
        (strategy() == Strategy.ZERO3 || strategy().isFsdp() && firstLoads())
            && !job.framework().transformers().atLeast(5, 0);
    if (!returns) {
      return 0;
    }
    QuantizationScheme scheme = job.quantization().scheme();
    long layers = Tensors.inLayers(architecture, Tensors::count);
    long others = Tensors.count(architecture) - layers;
    long bytes =
        Capped.plus((long) (layers * scheme.bytes(loaded)), Capped.times(others, loaded.bytes()));
    return Capped.times(strategy().isFsdp() ? 1 : ranks, bytes);
  }

  private long zeroed() {
    boolean waits = strategy().isFsdp() && firstLoads();
    return waits && job.frameworkCode().is(SpreadCode.ZEROES_SHARDS) ? ranks - 1L : 0;
  }

  private long loaders() {
    return switch (job.loadPlace()) {
      case HOST -> ranks;
      case FIRST_RANK -> 1;
      case GPU -> 0;
    };
  }

  private boolean firstLoads() {
    return job.loadPlace() == LoadPlace.FIRST_RANK;
  }

  private Strategy strategy() {
    return job.parallelism().strategy();
  }
}
