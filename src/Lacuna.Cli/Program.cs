Console.WriteLine("lacuna");
