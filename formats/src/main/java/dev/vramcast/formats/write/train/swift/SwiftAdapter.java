package dev.vramcast.formats.write.train.swift;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import dev.vramcast.formats.write.train.TrainerWords;

/** What is trained, in ms-swift's arguments. */
final class SwiftAdapter {

  private SwiftAdapter() {}

  static void put(JobCoverage coverage, OutputKeys output) {
    coverage.says(JobKey.METHOD);
    switch (coverage.job().method()) {
      case FULL -> {
        output.put("tuner_type", "full");
        Adapter.saysCheckpoint(coverage);
      }
      case FREEZE, OFT, IA3, VERA, LOHA, LOKR, MISS, GALORE ->
          throw coverage.refusal(JobKey.METHOD, "full, lora, qlora, dora, rslora, pissa");
      case LORA, QLORA, DORA, RSLORA, PISSA -> adapter(coverage, output);
    }
  }

  private static void adapter(JobCoverage coverage, OutputKeys output) {
    Adapter.refuseNone(coverage);
    AdapterSettings settings = Adapter.settings(coverage);
    output.put("tuner_type", "lora");
    base(coverage, output);
    output.put("lora_rank", settings.rank());
    output.put("lora_alpha", settings.alpha());
    output.put("lora_dropout", settings.dropout());
    output.put("target_modules", settings.targets());
    coverage.says(JobKey.LORA_RANK, JobKey.LORA_ALPHA, JobKey.LORA_DROPOUT, JobKey.LORA_TARGETS);
    Adapter.putParameters(coverage, output, "target_parameters");
    Adapter.putModulesToSave(coverage, output, "modules_to_save");
    if (settings.dtype() != DataType.FP32) {
      output.put("lora_dtype", TrainerWords.dtype(settings.dtype()));
      coverage.says(JobKey.LORA_DTYPE);
    }
    if (Adapter.is(coverage, Method.DORA)) {
      output.put("use_dora", true);
    } else if (Adapter.is(coverage, Method.RSLORA)) {
      output.put("use_rslora", true);
    } else if (Adapter.is(coverage, Method.PISSA)) {
      output.put("init_weights", "pissa");
    }
  }

  private static void base(JobCoverage coverage, OutputKeys output) {
    QuantizationScheme scheme = coverage.job().quantization().scheme();
    if (Adapter.isFourBit(coverage)) {
      output.put("quant_method", "bnb").put("quant_bits", 4);
      output.put("bnb_4bit_quant_type", scheme.label());
      output.put("bnb_4bit_use_double_quant", coverage.job().quantization().doubleQuant());
      coverage.says(JobKey.QUANTIZATION_SCHEME, JobKey.DOUBLE_QUANT);
    } else if (Adapter.isEightBit(coverage)) {
      output.put("quant_method", "bnb").put("quant_bits", 8);
      coverage.says(JobKey.QUANTIZATION_SCHEME);
    } else {
      Adapter.saysCheckpoint(coverage);
    }
  }
}
