package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * Adapters merged into the files of 16-bit weights, one file after the other, by a process that has
 * neither model nor optimizer (axolotl/cli/utils/lora_merge.py merge_lora_sharded_efficient). Files
 * are mapped; weights go to the card one by one, and those that changed stay on the host until
 * their file is written.
 *
 * @param hostBytes that it allocates beside its libraries
 * @param cardBytes of tensors on the card
 */
record FileByFile(long hostBytes, long cardBytes) {

  /**
   * What published files are taken to hold at most: {@code max_shard_size} of
   * transformers/modeling_utils.py until 5.0, which made it 50 GB. Whose release wrote those of a
   * model is not known.
   */
  private static final long FILE = 5_000_000_000L;

  private static final int WIDE = DataType.FP32.bytes();

  /** Values that bitsandbytes scales together (functional.py quantize_4bit). */
  private static final int BLOCK = 64;

  /**
   * What a merge takes.
   *
   * @param trained whole
   * @param dtype of the files
   */
  static FileByFile of(
      Architecture architecture, ResolvedJob job, List<Trainable> trained, DataType dtype) {
    // Every matrix goes through NF4 and back, as the training saw it.
    boolean narrows = job.quantization().scheme() == QuantizationScheme.NF4;
    TrainedTensors.Factors.Largest largest = TrainedTensors.Factors.largest(trained);
    long model = Capped.times(Tensors.count(architecture), dtype.bytes());
    long changed =
        narrows ? model : Capped.times(TrainedTensors.Factors.products(trained), dtype.bytes());
    long kept = Math.min(FILE, changed);
    long copies = narrows ? WIDE + dtype.bytes() : WIDE;
    // nn.Linear draws weights in fp32 that the file's replace.
    long host = Capped.plus(kept, Capped.times(largest.product(), copies - dtype.bytes()));
    long card = merged(job, largest, dtype);
    if (narrows) {
      long matrix = Tensors.largestCount(architecture);
      // By name a head comes before the table, and both before all layers.
      boolean head = !architecture.head().tied() && model <= FILE;
      host = Math.max(host, Capped.times(matrix, (long) WIDE + (head ? dtype.bytes() : 0)));
      card = Math.max(card, narrowed(matrix, dtype));
    }
    return new FileByFile(host, card);
  }

  /**
   * The weight, its copy in PEFT's layer, the product of two factors and the same scaled; then
   * weight and product in fp32, with their sum.
   */
  private static long merged(
      ResolvedJob job, TrainedTensors.Factors.Largest largest, DataType dtype) {
    DataType adapter = job.adapter().orElseThrow().dtype();
    long layer =
        Capped.plus(
            Capped.times(largest.product(), 2L * (dtype.bytes() + adapter.bytes())),
            Capped.times(largest.factors(), adapter.bytes()));
    long widened = adapter == DataType.FP32 ? 0 : WIDE;
    long sum = Capped.times(largest.product(), 2 * WIDE + adapter.bytes() + widened);
    return Math.max(layer, sum);
  }

  /** A matrix in fp32, its codes and their scales in bytes, fp32 again, and in the file's dtype. */
  private static long narrowed(long matrix, DataType dtype) {
    long codes = matrix / 2 + matrix / BLOCK;
    return Capped.plus(Capped.times(matrix, 2L * WIDE + dtype.bytes()), codes);
  }
}
