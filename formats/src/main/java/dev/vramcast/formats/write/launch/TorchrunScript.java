package dev.vramcast.formats.write.launch;

import dev.vramcast.formats.write.Launch;
import dev.vramcast.formats.write.Launcher;
import dev.vramcast.formats.write.Written;
import dev.vramcast.formats.write.WrittenFile;
import java.util.ArrayList;
import java.util.List;

/** A shell script for a machine that is there already. */
public final class TorchrunScript implements Launcher {

  @Override
  public String name() {
    return "torchrun";
  }

  @Override
  public Written write(Launch launch) {
    List<String> lines = new ArrayList<>(List.of("set -eu", "cd \"$(dirname \"$0\")\""));
    String missing = "the number of this machine, from 0";
    lines.addAll(
        NodeScript.run(
            launch,
            "${NODE_RANK:?" + missing + "}",
            "${MASTER_ADDR:?the address of the first machine}"));
    return Written.of(
        new WrittenFile("train.sh", WrittenFile.Syntax.SHELL, NodeScript.text(lines)),
        LaunchWarnings.cardAndRental(
            name(), launch.place(), "it runs on the machine it is started on"));
  }
}
