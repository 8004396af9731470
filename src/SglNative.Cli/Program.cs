Console.WriteLine("sgl-native");
