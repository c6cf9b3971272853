package dev.vramcast.formats.write.train.llamafactory;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.layer.TrainedLayers;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import java.util.List;

/** What is trained, in LLaMA-Factory's keys. */
final class LlamaFactoryAdapter {

  private static final String TYPE = "finetuning_type";

  private LlamaFactoryAdapter() {}

  static void put(JobCoverage coverage, OutputKeys output) {
    coverage.says(JobKey.METHOD);
    switch (coverage.job().method()) {
      case FULL -> whole(coverage, output, "full");
      case FREEZE -> {
        whole(coverage, output, "freeze");
        layers(coverage.job().trainableLayers(), output);
        coverage.says(JobKey.TRAINABLE_LAYERS, JobKey.TRAINABLE_PLACE);
      }
      case GALORE -> {
        whole(coverage, output, "full");
        int rank = coverage.job().optimizer().galoreRank();
        output.put("use_galore", true).put("galore_rank", rank);
        coverage.settles(JobKey.LORA_RANK, rank);
      }
      case LORA, QLORA, DORA, RSLORA, PISSA -> adapter(coverage, output);
      case OFT -> rotations(coverage, output);
      case IA3, VERA, LOHA, LOKR, MISS ->
          throw coverage.refusal(
              JobKey.METHOD, "full, freeze, galore, lora, qlora, dora, rslora, pissa, oft");
    }
  }

  /** model/adapter.py _setup_freeze_tuning. */
  private static void layers(TrainedLayers layers, OutputKeys output) {
    boolean first = layers.place() == TrainedLayers.Place.FIRST;
    output.put("freeze_trainable_layers", first ? -layers.count() : layers.count());
    if (layers.place() == TrainedLayers.Place.SPREAD) {
      output.put("use_llama_pro", true);
    }
  }

  /** Its targets are those of {@code lora_target}: model/adapter.py _setup_lora_tuning. */
  private static void rotations(JobCoverage coverage, OutputKeys output) {
    output.put(TYPE, "oft");
    base(coverage, output);
    output.put("oft_block_size", Adapter.settings(coverage).blockSize());
    coverage.says(JobKey.BLOCK_SIZE);
    modules(coverage, output);
  }

  private static void modules(JobCoverage coverage, OutputKeys output) {
    Adapter.refuseNone(coverage);
    AdapterSettings settings = Adapter.settings(coverage);
    output.put("lora_target", settings.allLinear() ? "all" : String.join(",", settings.targets()));
    coverage.says(JobKey.LORA_TARGETS);
    List<String> saved = Adapter.modulesToSave(coverage);
    if (!saved.isEmpty()) {
      output.put("additional_target", String.join(",", saved));
      coverage.says(JobKey.LORA_MODULES_TO_SAVE);
    }
  }

  private static void whole(JobCoverage coverage, OutputKeys output, String type) {
    output.put(TYPE, type);
    Adapter.saysCheckpoint(coverage);
  }

  private static void adapter(JobCoverage coverage, OutputKeys output) {
    AdapterSettings settings = Adapter.settings(coverage);
    output.put(TYPE, "lora");
    base(coverage, output);
    output.put("lora_rank", settings.rank());
    output.put("lora_alpha", Adapter.wholeAlpha(coverage));
    output.put("lora_dropout", settings.dropout());
    coverage.says(JobKey.LORA_RANK, JobKey.LORA_DROPOUT);
    modules(coverage, output);
    if (Adapter.is(coverage, Method.DORA)) {
      output.put("use_dora", true);
    } else if (Adapter.is(coverage, Method.RSLORA)) {
      output.put("use_rslora", true);
    } else if (Adapter.is(coverage, Method.PISSA)) {
      output.put("pissa_init", true);
    }
  }

  private static void base(JobCoverage coverage, OutputKeys output) {
    QuantizationScheme scheme = coverage.job().quantization().scheme();
    if (Adapter.isFourBit(coverage)) {
      output.put("quantization_bit", 4).put("quantization_method", "bnb");
      output.put("quantization_type", scheme.label());
      output.put("double_quantization", coverage.job().quantization().doubleQuant());
      coverage.says(JobKey.QUANTIZATION_SCHEME, JobKey.DOUBLE_QUANT);
    } else if (Adapter.isEightBit(coverage)) {
      output.put("quantization_bit", 8).put("quantization_method", "bnb");
      coverage.says(JobKey.QUANTIZATION_SCHEME);
    } else {
      Adapter.saysCheckpoint(coverage);
    }
  }
}
