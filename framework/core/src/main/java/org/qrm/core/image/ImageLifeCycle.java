package org.qrm.core.image;

import static org.qrm.api.image.FilesystemImage.State.CREATING;
import static org.qrm.api.image.FilesystemImage.State.ERROR;
import static org.qrm.api.image.FilesystemImage.State.READY;
import static org.qrm.api.image.FilesystemImage.State.REMOVING;

import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImage.State;
import org.qrm.core.lifecycle.LifeCycle;

/** The life of a filesystem image. */
final class ImageLifeCycle {

    static final LifeCycle<State> TABLE = new LifeCycle<>(FilesystemImageService.NOUN, State.class)
            .from(CREATING, READY, ERROR, REMOVING)
            .from(READY, REMOVING)
            .from(ERROR, CREATING, REMOVING)
            .from(REMOVING, ERROR);

    private ImageLifeCycle() {}

    /** @throws org.qrm.api.QrmException CONFLICT when it cannot become that */
    static void change(Handle handle, FilesystemImage image, State to, String reason) {
        TABLE.check(image.name(), image.state(), to);
        FilesystemImageRows.setState(handle, image.name(), to, reason);
    }

    static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
