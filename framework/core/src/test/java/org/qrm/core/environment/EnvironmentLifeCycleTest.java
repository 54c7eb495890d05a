package org.qrm.core.environment;

import java.io.IOException;
import org.junit.Test;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.core.lifecycle.DrawnLifeCycle;

public class EnvironmentLifeCycleTest {

    @Test
    public void isDrawnAsItIs() throws IOException {
        DrawnLifeCycle.isDrawn(
                "Virtual environment", EnvironmentLifeCycle.TABLE, EnvironmentState.class, EnvironmentState.INACTIVE);
    }

    @Test
    public void nobodyIsStuck() {
        DrawnLifeCycle.nobodyIsStuck(EnvironmentLifeCycle.TABLE, EnvironmentState.class, EnvironmentState.INACTIVE);
    }
}
