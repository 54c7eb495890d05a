package org.qrm.core.plugin;

import java.io.IOException;
import org.junit.Test;
import org.qrm.api.plugin.PluginState;
import org.qrm.core.lifecycle.DrawnLifeCycle;

public class PluginLifeCycleTest {

    @Test
    public void isDrawnAsItIs() throws IOException {
        DrawnLifeCycle.isDrawn("Plug-in", PluginLifeCycle.TABLE, PluginState.class, PluginState.AVAILABLE);
    }

    @Test
    public void nobodyIsStuck() {
        DrawnLifeCycle.nobodyIsStuck(PluginLifeCycle.TABLE, PluginState.class, PluginState.AVAILABLE);
    }
}
