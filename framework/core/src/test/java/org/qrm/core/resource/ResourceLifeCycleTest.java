package org.qrm.core.resource;

import java.io.IOException;
import org.junit.Test;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.lifecycle.DrawnLifeCycle;

public class ResourceLifeCycleTest {

    @Test
    public void isDrawnAsItIs() throws IOException {
        DrawnLifeCycle.isDrawn("Resource", ResourceLifeCycle.TABLE, ResourceState.class, ResourceState.NEW);
    }

    @Test
    public void nobodyIsStuck() {
        DrawnLifeCycle.nobodyIsStuck(ResourceLifeCycle.TABLE, ResourceState.class, ResourceState.NEW);
    }
}
