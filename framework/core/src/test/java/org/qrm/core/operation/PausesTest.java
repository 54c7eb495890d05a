package org.qrm.core.operation;

import static org.junit.Assert.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.Test;

public class PausesTest {

    private Duration steady = Duration.ofHours(1);
    private Duration clock = Duration.ofDays(20_000);
    private final Pauses pauses = new Pauses(Duration.ofSeconds(15), () -> steady.toNanos(), () -> clock.toMillis());

    private Optional<String> after(int passed, int shown) {
        steady = steady.plusSeconds(passed);
        clock = clock.plusSeconds(shown);
        return pauses.look().map(Pauses.Pause::told);
    }

    @Test
    public void aPauseAndAClockThatIsSetAreNoSilence() {
        assertEquals(Optional.empty(), after(5, 5));
        assertEquals(Optional.empty(), after(15, 15));
        assertEquals(Optional.of("This server stood still for 16 s"), after(16, 16));
        assertEquals(Optional.empty(), after(5, 6));
        assertEquals(Optional.of("The clock of this server was set by 3600 s"), after(5, 3605));
        assertEquals(Optional.empty(), after(5, 5));
        assertEquals(Optional.of("The clock of this server was set by -3600 s"), after(5, -3595));
        // suspended: its steady clock may stand still, too
        assertEquals(Optional.of("The clock of this server was set by 7195 s"), after(5, 7200));
        assertEquals(Optional.empty(), after(5, 5));
    }
}
