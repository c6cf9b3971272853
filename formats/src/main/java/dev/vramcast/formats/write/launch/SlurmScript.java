package dev.vramcast.formats.write.launch;

import dev.vramcast.formats.write.Launch;
import dev.vramcast.formats.write.Launcher;
import dev.vramcast.formats.write.Place;
import dev.vramcast.formats.write.ShellText;
import dev.vramcast.formats.write.Written;
import dev.vramcast.formats.write.WrittenFile;
import java.util.ArrayList;
import java.util.List;

/** A batch script for Slurm, submitted with sbatch in the folder of the files. */
public final class SlurmScript implements Launcher {

  @Override
  public String name() {
    return "slurm";
  }

  @Override
  public Written write(Launch launch) {
    Place place = launch.place();
    List<String> lines =
        new ArrayList<>(
            List.of(
                "#SBATCH --job-name=" + launch.name(),
                "#SBATCH --nodes=" + place.nodes(),
                "#SBATCH --ntasks-per-node=1",
                "#SBATCH --gpus-per-node=" + place.gpus(),
                "#SBATCH --output=%x-%j.out",
                "set -eu"));
    lines.add("first=$(scontrol show hostnames \"$SLURM_JOB_NODELIST\" | head -n 1)");
    lines.add("export first");
    List<String> each = NodeScript.run(launch, "$SLURM_NODEID", "$first");
    lines.add("srun bash -c " + ShellText.quote(String.join("\n", each)));
    return Written.of(
        new WrittenFile("slurm.sh", WrittenFile.Syntax.SHELL, NodeScript.text(lines)),
        LaunchWarnings.cardAndRental(
            name(), place, "each cluster names its own, as in --gpus-per-node=TYPE:COUNT"));
  }
}
