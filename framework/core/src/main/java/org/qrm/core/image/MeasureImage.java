package org.qrm.core.image;

import java.time.Duration;
import java.util.List;
import org.qrm.api.Problem;
import org.qrm.core.operation.OperationKind;
import org.qrm.core.operation.Step;
import org.qrm.core.operation.Work;

/** Measures a filesystem image on its storage server. */
final class MeasureImage implements OperationKind {

    static final String KIND = "filesystem-image.measure";

    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final ImageWork images;

    MeasureImage(ImageWork images) {
        this.images = images;
    }

    @Override
    public String name() {
        return KIND;
    }

    @Override
    public List<Step> steps() {
        return List.of(new Step("measure", LIMIT, this::measure));
    }

    private Step.Outcome measure(Work work) {
        return images.call(
                work,
                LIMIT,
                (type, server, image, context) -> type.size(server, image, context),
                size -> work.complete(
                        change -> FilesystemImageRows.setSize(change.handle(), ImageWork.name(work), size)));
    }

    @Override
    public void undo(Work work, Problem why) {
        // measuring changes nothing
    }
}
