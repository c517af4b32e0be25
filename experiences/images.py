"""What may be uploaded as the image of a sheet."""

from django.core.exceptions import ValidationError
from PIL import Image

FORMATS = {"JPEG": {"jpg", "jpeg"}, "PNG": {"png"}, "WEBP": {"webp"}}
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000


def validate_image(file):
    """Read what the file is, never what its name says; whatever Pillow fails on is no image."""
    if file._committed:
        return  # stored already, and looked at when it came
    if file.size > MOST_BYTES:
        raise ValidationError("Ce fichier est trop lourd\u00a0: dix mégaoctets au plus.")
    file.seek(0)
    try:
        with Image.open(file, formats=list(FORMATS)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValidationError("Cette image est trop grande\u00a0: quarante millions de points au plus.")
            if file.name.rpartition(".")[2].lower() not in FORMATS[image.format or ""]:
                raise ValidationError("Le nom de ce fichier ne finit pas comme il faut pour ce qu’il contient.")
            image.load()
    except ValidationError:
        raise
    except Exception as error:
        raise ValidationError("Choisissez une image entière, en JPEG, PNG ou WebP.") from error
    finally:
        file.seek(0)
