package dev.vramcast.core.run;

import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;

/** What an estimate of a job on Megatron-Core takes for granted. */
final class MegatronAssumptions {

  private MegatronAssumptions() {}

  static List<Remark> of(List<MixtureOfExperts> mixtures, ResolvedJob job) {
    List<Remark> remarks = new ArrayList<>();
    remarks.add(
        Remark.about(
            JobKey.FRAMEWORK_NAME,
            "The code is that of Megatron-Core 0.16 and TransformerEngine 2, with fused kernels,"
                + " fused gradient accumulation and the distributed optimizer."));
    Parallelism degrees = job.parallelism();
    if (!mixtures.isEmpty()) {
      remarks.add(Remark.about(JobKey.EXPERT_IMBALANCE, experts(degrees)));
    }
    boolean narrow = job.optimizer().stateDtype().orElse(DataType.FP32) != DataType.FP32;
    if (narrow && job.optimizer().masterWeights()) {
      remarks.add(
          Remark.about(
              JobKey.OPTIMIZER_STATE_DTYPE,
              "Main parameters are kept in fp32, as in Megatron-Bridge's recipes, not as 16-bit"
                  + " remainders."));
    }
    if (job.linears().areEngines()) {
      remarks.add(
          Remark.about(
              JobKey.TRAINING_SCHEME,
              "Products inside the layers run narrow, and keep a narrow copy of their inputs and,"
                  + " from step to step, narrow copies of their weights, which stay in 16 bits"
                  + " beside them; attention, embedding and head run in 16 bits."));
    }
    Batch batch = job.batch();
    if (degrees.pipeline() > 1 && batch.gradAccum() < degrees.pipeline()) {
      remarks.add(
          Remark.about(
              JobKey.PIPELINE,
              "With fewer micro-batches than pipeline stages, stages hold no more than those."));
    }
    return remarks;
  }

  /** How tokens are spread over the GPUs that share the experts. */
  static String experts(Parallelism degrees) {
    boolean even = degrees.expertImbalance() == 1 || degrees.expert() == 1;
    return even
        ? "Tokens are spread evenly over the ranks of the experts."
        : "The fullest rank of experts gets "
            + Math.min(degrees.expertImbalance(), degrees.expert())
            + " times the mean of the tokens.";
  }
}
