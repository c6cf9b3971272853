package dev.vramcast.core.job;

import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.units.DataType;
import java.util.Optional;

/**
 * The optimizer.
 *
 * @param stateDtype of the moments where the parameter's dtype does not decide
 * @param inBackward the step of each parameter runs inside the backward pass
 * @param masterWeights an fp32 copy of the trainable parameters is kept
 * @param galoreRank rank of GaLore's projection
 */
public record OptimizerSettings(
    OptimizerName name,
    OptimizerImplementation implementation,
    Optional<DataType> stateDtype,
    boolean inBackward,
    boolean masterWeights,
    int galoreRank) {}
