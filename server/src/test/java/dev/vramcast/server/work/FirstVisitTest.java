package dev.vramcast.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.fields.RemoteContext;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.run.RecentSteps;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class FirstVisitTest {

  @Test
  void all_that_a_first_visit_asks_is_answered() {
    RemoteContext asker =
        new RemoteContext(
            Network.FORBIDDEN,
            LocalDate.of(2026, 11, 25),
            KeptPrices.NONE,
            Progress.NONE,
            new RecentSteps());

    assertThat(FirstVisit.answers(asker))
        .satisfiesExactly(
            gpus -> assertThat(gpus).contains("\"RTX 4090\""),
            estimate -> assertThat(estimate).contains("\"kind\": \"estimate\"", "\"timeline\": "),
            fit -> assertThat(fit).contains("\"kind\": \"fit\"", "\"verdict\": \"fits\""));
  }
}
