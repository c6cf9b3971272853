package dev.vramcast.formats.write.train.trl;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import dev.vramcast.formats.write.train.TrainerWords;

/** What is trained, in the keys of TRL's ModelConfig. */
final class TrlAdapter {

  private TrlAdapter() {}

  static void put(JobCoverage coverage, OutputKeys output) {
    switch (coverage.job().method()) {
      case FULL, GALORE -> {
        coverage.says(JobKey.METHOD);
        Adapter.saysCheckpoint(coverage);
      }
      case FREEZE, OFT, IA3, VERA, LOHA, LOKR, MISS ->
          throw coverage.refusal(JobKey.METHOD, "full, lora, qlora, dora, rslora, galore");
      case PISSA -> {
        coverage.settles(JobKey.METHOD, Method.LORA);
        adapter(coverage, output);
      }
      case LORA, QLORA, DORA, RSLORA -> {
        coverage.says(JobKey.METHOD);
        adapter(coverage, output);
      }
    }
  }

  private static void adapter(JobCoverage coverage, OutputKeys output) {
    AdapterSettings settings = Adapter.settings(coverage);
    output.put("use_peft", true);
    base(coverage, output);
    output.put("lora_r", settings.rank());
    output.put("lora_alpha", Adapter.wholeAlpha(coverage));
    output.put("lora_dropout", settings.dropout());
    output.put(
        "lora_target_modules",
        settings.allLinear() ? AdapterSettings.ALL_LINEAR : settings.targets());
    coverage.says(JobKey.LORA_RANK, JobKey.LORA_DROPOUT, JobKey.LORA_TARGETS);
    Adapter.putParameters(coverage, output, "lora_target_parameters");
    Adapter.putModulesToSave(coverage, output, "lora_modules_to_save");
    if (Adapter.is(coverage, Method.DORA)) {
      output.put("use_dora", true);
    } else if (Adapter.is(coverage, Method.RSLORA)) {
      output.put("use_rslora", true);
    }
  }

  private static void base(JobCoverage coverage, OutputKeys output) {
    if (Adapter.isFourBit(coverage)) {
      QuantizationScheme scheme = coverage.job().quantization().scheme();
      output.put("load_in_4bit", true).put("bnb_4bit_quant_type", scheme.label());
      output.put("use_bnb_nested_quant", coverage.job().quantization().doubleQuant());
      Strategy strategy = coverage.job().parallelism().strategy();
      if (strategy.isFsdp()) {
        // FSDP divides only what is stored in the dtype of the other weights.
        output.put("bnb_4bit_quant_storage", TrainerWords.dtype(coverage.job().weightDtype()));
      }
      coverage.says(JobKey.QUANTIZATION_SCHEME, JobKey.DOUBLE_QUANT);
    } else if (Adapter.isEightBit(coverage)) {
      output.put("load_in_8bit", true);
      coverage.says(JobKey.QUANTIZATION_SCHEME);
    } else {
      Adapter.saysCheckpoint(coverage);
    }
  }
}
