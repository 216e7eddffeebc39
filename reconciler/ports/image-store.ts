/** The images on the engine. */
export interface ImageStore {
  /** Makes a reference mean this image; false where the image is gone. */
  tag(imageId: string, reference: string, signal: AbortSignal): Promise<boolean>
}
