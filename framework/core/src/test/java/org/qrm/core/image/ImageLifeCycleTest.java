package org.qrm.core.image;

import java.io.IOException;
import org.junit.Test;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.core.lifecycle.DrawnLifeCycle;

public class ImageLifeCycleTest {

    @Test
    public void isDrawnAsItIs() throws IOException {
        DrawnLifeCycle.isDrawn("Filesystem image", ImageLifeCycle.TABLE, State.class, State.CREATING);
    }

    @Test
    public void nobodyIsStuck() {
        DrawnLifeCycle.nobodyIsStuck(ImageLifeCycle.TABLE, State.class, State.CREATING);
    }
}
